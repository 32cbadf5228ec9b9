#include <gmock/gmock.h>

#include "app/search_index.hpp"
#include "catalog/tables.hpp"
#include "cli/data_directory.hpp"
#include "search/active_indexes.hpp"

namespace killrvideo::cli {
namespace {

using testing::HasSubstr;

// A data directory with a video and its index.
class ExplainCommand : public OnDataDirectory {
 protected:
  ExplainCommand() {
    with_store([&](storage::Store& store) {
      put(store, "Sintel\n\"the dragon\"");
      build_search_index(store, config(), [](std::string_view, std::uint64_t, std::uint64_t) {});
    });
  }

  void put(storage::Store& store, const std::string& name) {
    Video row{};
    row.videoid = video_;
    row.name = name;
    storage::Batch batch;
    batch.insert(videos, row);
    killrvideo::run(store.commit({}, std::move(batch)));
  }

  Ended explain(const std::string& query, const std::string& video) {
    return run_on_it({"explain", query, video});
  }

  // The code and what is said, for a query that cannot be explained.
  void fails(const std::string& query, const std::string& video, int code, const char* message) {
    const auto ended = explain(query, video);
    EXPECT_EQ(ended.code, code) << ended.err;
    EXPECT_EQ(ended.out, "");
    EXPECT_THAT(ended.err, HasSubstr(message));
  }

  const VideoId video_{Uuid::random()};
};

TEST_F(ExplainCommand, PrintsATable) {
  const auto ended = explain("Dragon sintl", video_.to_string());
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_THAT(ended.out, HasSubstr("query   \"Dragon sintl\"\nvideo   " + video_.to_string() +
                                   " \"Sintel\\n\\\"the dragon\\\"\"\nindex   1 videos\n"));
  EXPECT_THAT(ended.out, testing::ContainsRegex("word +videos +rarity +field +times"));
  EXPECT_THAT(ended.out, testing::ContainsRegex("\ndragon +1 +0.288086 "));
  EXPECT_THAT(ended.out, testing::ContainsRegex("\nsintel for sintl +1 "));
  EXPECT_THAT(ended.out, testing::ContainsRegex("\n +name +1 +3 +4 +1.0"));
  EXPECT_THAT(ended.out, testing::ContainsRegex("\nweight  1[.][0-9]+\n$"));
  EXPECT_THAT(ended.out, testing::Not(HasSubstr(" \n")));
}

TEST_F(ExplainCommand, SaysWhatIsWrong) {
  const auto video = video_.to_string();
  fails("...", video, 2, "query: it has no words");
  fails(std::string(501, 'x'), video, 2, "query");
  fails("dragon", "nonsense", 2, "VIDEO_ID is the UUID of a video, not nonsense");
  fails("dragon", Uuid{}.to_string(), 1, "there is no video 00000000-0000");
  fails("okapi", video, 1, "query: no video has a word of it");
}

TEST_F(ExplainCommand, SaysThatTheIndexIsBehind) {
  with_store([&](storage::Store& store) { put(store, "Another dragon"); });
  fails("dragon", video_.to_string(), 1, "as it was before its row changed");
}

TEST_F(ExplainCommand, SaysThatThereIsNoIndex) {
  const auto index = directory_.path() / "search";
  std::filesystem::rename(index, directory_.path() / "moved");
  fails("dragon", video_.to_string(), 1, "is not there");
  with_store([](storage::Store& store) { invalidate_all_indexes(store); });
  fails("dragon", video_.to_string(), 1, "there is no complete search index");
}

TEST_F(ExplainCommand, NeedsADataDirectory) {
  EXPECT_EQ(killrvideo_run({"explain", "x", video_.to_string(), "--data-dir", "/nonexistent"}).code,
            4);
}

}  // namespace
}  // namespace killrvideo::cli
