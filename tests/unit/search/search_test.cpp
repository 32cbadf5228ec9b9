// The service with its index, updater and builder, over a store.
#include "search/search.hpp"

#include <gmock/gmock.h>

#include <fstream>
#include <thread>

#include "common/clock.hpp"
#include "events/eventually.hpp"
#include "search/index_builder.hpp"
#include "search/xapian/index.hpp"
#include "storage/temporary_store.hpp"

namespace killrvideo {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::UnorderedElementsAre;

using namespace std::chrono_literals;

// What a process has while it runs.
struct Process {
  Process(storage::Store& store, const std::filesystem::path& directory,
          std::chrono::milliseconds patience = 30s)
      : index(directory),
        active(store, embedded_index),
        updater(store, index, active, metrics),
        builder(store, index, active, updater),
        search(store, index, updater, metrics) {
    builder.start(patience);
  }
  xapian_engine::Index index;
  ActiveIndexes active;
  SearchMetrics metrics;
  IndexUpdater updater;
  IndexBuilder builder;
  Search search;
};

class SearchTest : public testing::Test {
 protected:
  SearchTest() { start(); }

  void start() { process_.emplace(*store_, directory_.path() / "search"); }
  void stop() { process_.reset(); }

  // A row, of which nobody tells the index.
  VideoId write(const std::string& name, std::vector<std::string> tags = {},
                const std::string& description = {}, VideoId id = VideoId(Uuid::random())) {
    Video video{};
    video.videoid = id;
    video.name = name;
    video.tags = {tags.begin(), tags.end()};
    video.description = description;
    video.added_date = now();
    storage::Batch batch;
    insert_video(batch, video);
    run(store_->commit(context_, std::move(batch)));
    return id;
  }

  void remove_row(VideoId id) {
    storage::Batch batch;
    batch.remove(videos, {id});
    run(store_->commit(context_, std::move(batch)));
  }

  void refresh(VideoId id) { run(process_->updater.refresh(context_, id)); }

  VideoId add(const std::string& name, std::vector<std::string> tags = {},
              const std::string& description = {}) {
    const auto id = write(name, std::move(tags), description);
    refresh(id);
    return id;
  }

  PageResult<Video> page(const std::string& query, int size = 100, const std::string& state = {}) {
    return run(process_->search.videos_for(context_, query, size, state));
  }

  std::vector<std::string> found(const std::string& query) {
    std::vector<std::string> names;
    for (const auto& video : page(query).rows) names.push_back(video.name);
    return names;
  }

  std::vector<std::string> completions(const std::string& query, int size = 100) {
    return run(process_->search.completions(context_, query, size));
  }

  // Waits until the index has so many videos.
  void wait_for_size(std::uint64_t size) {
    ASSERT_TRUE(eventually([&] { return process_->index.size() == size; }));
  }

  void rebuild() {
    process_->builder.rebuild();
    while (process_->builder.progress().running) std::this_thread::sleep_for(1ms);
    ASSERT_EQ(process_->builder.progress().failure, "");
  }

  std::string error_of(auto&& call) {
    try {
      call();
    } catch (const Error& error) {
      return error.what();
    }
    return "no error";
  }

  const Context context_;
  storage::TemporaryDirectory directory_{storage::memory_directory()};
  storage::TemporaryStore store_;
  std::optional<Process> process_;
};

TEST_F(SearchTest, FindsWhatWasIndexedAndAnswersWithItsRow) {
  const auto id = add("A zebra", {"animals"}, "Striped.");
  for (const auto* query : {"zebra", "ANIMALS", "striped!", "no such zebra", "zebrq"}) {
    const auto rows = page(query).rows;
    ASSERT_EQ(rows.size(), 1u) << query;
    EXPECT_EQ(rows[0].videoid, id);
    EXPECT_EQ(rows[0].name, "A zebra");
  }
  EXPECT_THAT(found("lion"), IsEmpty());
}

TEST_F(SearchTest, AnyTextIsAQuery) {
  add("A zebra");
  for (const auto* query :
       {"\"", "zebra\"", "name:zebra", "*", "(", "zebra AND OR NOT", "[zebra TO", "zebra~2^4", "\\",
        "-zebra +", "🎬 zebra 🎬", "斑馬", "z", "<>", "%", "_"})
    EXPECT_NO_THROW(page(query)) << query;
  EXPECT_THAT(found("name:zebra"), ElementsAre("A zebra"));
  EXPECT_THAT(found("!!!"), IsEmpty());
}

TEST_F(SearchTest, BadRequestsNameTheirField) {
  EXPECT_THAT(error_of([&] { page(""); }), HasSubstr("query"));
  EXPECT_THAT(error_of([&] { page("  \t "); }), HasSubstr("query"));
  EXPECT_THAT(error_of([&] { page(std::string(501, 'x')); }), HasSubstr("query"));
  EXPECT_THAT(error_of([&] { page("x", 0); }), HasSubstr("page_size"));
  EXPECT_THAT(error_of([&] { page("x", 5, "abcd"); }), HasSubstr("paging_state"));
  EXPECT_THAT(error_of([&] { completions(""); }), HasSubstr("query"));
  EXPECT_THAT(error_of([&] { completions("x", -1); }), HasSubstr("page_size"));
}

TEST_F(SearchTest, PagesEndWithoutAStateAndBelongToTheirQuery) {
  for (int i = 0; i < 6; ++i) add("zebra " + std::to_string(i));
  auto first = page("zebra", 3);
  EXPECT_EQ(first.rows.size(), 3u);
  ASSERT_NE(first.paging_state, "");
  const auto second = page("zebra", 3, first.paging_state);
  EXPECT_EQ(second.rows.size(), 3u);
  EXPECT_EQ(second.paging_state, "");
  EXPECT_EQ(page("zebra", 6).paging_state, "");
  EXPECT_THAT(error_of([&] { page("lion", 3, first.paging_state); }), HasSubstr("paging_state"));
  first.paging_state.back() ^= 1;
  EXPECT_THAT(error_of([&] { page("zebra", 3, first.paging_state); }), HasSubstr("paging_state"));
}

TEST_F(SearchTest, VideosThatAreGoneNeverShowPagesAreFilledAndTheIndexIsRefreshed) {
  std::vector<VideoId> ids;
  for (int i = 0; i < 60; ++i) ids.push_back(add("zebra " + std::to_string(i)));
  for (int i = 0; i < 60; ++i)
    if (i % 6 != 0) remove_row(ids[static_cast<std::size_t>(i)]);
  const auto first = page("zebra", 4);
  EXPECT_EQ(first.rows.size(), 4u);
  const auto second = page("zebra", 6, first.paging_state);
  EXPECT_EQ(second.rows.size(), 6u);
  EXPECT_EQ(second.paging_state, "");
  wait_for_size(10);
}

TEST_F(SearchTest, ARequestLooksAtSoManyStaleEntriesAndNoMore) {
  std::vector<VideoId> gone;
  for (int i = 0; i < 7'000; ++i) gone.push_back(write("zebra"));
  const auto kept = write("a long name with, at its end, a zebra");
  rebuild();
  for (const auto& id : gone) remove_row(id);
  const auto first = page("zebra", 20);
  EXPECT_THAT(first.rows, IsEmpty());
  ASSERT_NE(first.paging_state, "");
  const auto second = page("zebra", 20, first.paging_state);
  ASSERT_EQ(second.rows.size(), 1u);
  EXPECT_EQ(second.rows[0].videoid, kept);
  EXPECT_EQ(second.paging_state, "");
}

TEST_F(SearchTest, CompletionsLookAtSoManyStaleEntriesAndNoMore) {
  const auto letters = [](int i) {
    return std::string{static_cast<char>('a' + i / 26), static_cast<char>('a' + i % 26)};
  };
  std::vector<VideoId> gone;
  for (int i = 0; i < 60 * 101; ++i) gone.push_back(write("z" + letters(i / 101)));
  write("zz");
  rebuild();
  for (const auto& id : gone) remove_row(id);
  EXPECT_THAT(completions("z"), IsEmpty());
  // What was met is refreshed: in the end the others are seen.
  EXPECT_TRUE(eventually([&] { return completions("z") == std::vector<std::string>{"zz"}; }));
}

TEST_F(SearchTest, ANameThatIsOneVeryLongWordIsFound) {
  std::string name = "\u0915";
  for (int i = 0; i < 79; ++i) name += "\u0941";
  for (int i = 0; i < 59; ++i) name += "\u0915";
  add(name);
  EXPECT_THAT(found(name), ElementsAre(name));
  rebuild();
  EXPECT_THAT(found(name), ElementsAre(name));
}

TEST_F(SearchTest, ARowThatChangedIsFoundByWhatItSaysNow) {
  const auto id = add("zebra");
  write("lion", {}, {}, id);
  EXPECT_THAT(found("zebra"), IsEmpty());
  EXPECT_TRUE(eventually([&] { return found("lion") == std::vector<std::string>{"lion"}; }));
}

TEST_F(SearchTest, ARowWithAnotherDateIsIndexedAgainWhenItIsMet) {
  const auto id = add("zebra");
  const auto date = [&] {
    return run(process_->index.entries(context_, std::span(&id, 1))).front()->added;
  };
  const auto before = date();
  std::this_thread::sleep_for(2ms);
  write("zebra", {}, {}, id);
  EXPECT_THAT(found("zebra"), ElementsAre("zebra"));
  EXPECT_TRUE(eventually([&] { return date() > before; }));
}

TEST_F(SearchTest, AStaleEntryWhoseVideoCameBackStays) {
  const auto id = add("zebra");
  remove_row(id);
  EXPECT_THAT(found("zebra"), IsEmpty());
  write("zebra", {}, {}, id);
  refresh(id);
  EXPECT_THAT(found("zebra"), ElementsAre("zebra"));
}

TEST_F(SearchTest, CompletionsAreTheDistinctWordsOfAllFieldsInOrder) {
  add("Police academy", {"police", "polite people"}, "A pole and the Polish.");
  EXPECT_THAT(completions("pol"), ElementsAre("pole", "police", "polish", "polite"));
  EXPECT_THAT(completions("POLI"), ElementsAre("police", "polish", "polite"));
  EXPECT_THAT(completions("some polic"), ElementsAre("police"));
  EXPECT_THAT(completions("pole"), IsEmpty());
  EXPECT_THAT(completions("pol", 2), ElementsAre("pole", "police"));
  EXPECT_THAT(completions("th"), IsEmpty());
  EXPECT_THAT(completions("peo"), ElementsAre("people"));
  EXPECT_THAT(completions("!!!"), IsEmpty());
}

TEST_F(SearchTest, CompletionsAreSpeltAsInTheTexts) {
  add("Café CAFÉ cafe cafés Straße", {"Łódź", "o’Connor's"}, "L'avion, Schindler's list; don't");
  struct Form {
    std::string typed;
    std::vector<std::string> completions;
  };
  const std::vector<Form> forms{{"caf", {"cafe", "café", "cafés"}},
                                {"cafe", {"cafés"}},
                                {"CAFÉ", {"cafés"}},
                                {"café", {"cafés"}},
                                {"stra", {"straße"}},
                                {"strass", {"straße"}},
                                {"strasse", {}},
                                {"lo", {"łódź"}},
                                {"łó", {"łódź"}},
                                {"lodz", {}},
                                {"o'", {"o'connor's"}},
                                {"o’con", {"o'connor's"}},
                                {"con", {"connor's"}},
                                {"a", {"avion"}},
                                {"l", {"l'avion", "list", "łódź"}},
                                {"schind", {"schindler's"}},
                                {"schindler", {"schindler's"}},
                                {"schindler'", {"schindler's"}},
                                {"schindler's", {}},
                                {"don", {"don't"}},
                                {"s", {"schindler's", "straße"}},
                                {"t", {}}};
  for (const auto& form : forms)
    EXPECT_THAT(completions(form.typed), ElementsAreArray(form.completions)) << form.typed;
}

TEST_F(SearchTest, AWordIsCompletedToWhatItsVideosSayNow) {
  const auto id = add("café");
  EXPECT_THAT(completions("c"), ElementsAre("café"));
  write("cafe", {}, {}, id);
  EXPECT_THAT(completions("c"), Not(Contains("café")));
  EXPECT_TRUE(eventually([&] { return completions("c") == std::vector<std::string>{"cafe"}; }));
  write("cafe and tea", {}, {}, id);
  EXPECT_THAT(completions("caf"), ElementsAre("cafe"));
  EXPECT_TRUE(eventually([&] { return completions("te") == std::vector<std::string>{"tea"}; }));
}

TEST_F(SearchTest, CompletionsLeaveOutWordsWhoseVideosAreGone) {
  const auto gone = add("zebra zeal", {}, "zen");
  add("zebra zoo");
  remove_row(gone);
  EXPECT_THAT(completions("ze"), ElementsAre("zebra"));
  EXPECT_THAT(completions("z"), ElementsAre("zebra", "zoo"));
  wait_for_size(1);
}

TEST_F(SearchTest, CompletionsAreNewAsSoonAsTheIndexIs) {
  const auto zebra = add("zebra");
  for (int i = 0; i < 2; ++i) EXPECT_THAT(completions("z"), ElementsAre("zebra"));
  add("zeal");
  for (int i = 0; i < 2; ++i) EXPECT_THAT(completions("z"), ElementsAre("zeal", "zebra"));
  remove_row(zebra);  // of which the index does not know
  EXPECT_THAT(completions("z"), ElementsAre("zeal"));
  write("zoo");
  rebuild();
  for (int i = 0; i < 2; ++i) EXPECT_THAT(completions("z"), ElementsAre("zeal", "zoo"));
}

TEST_F(SearchTest, CompletionsLookPastMoreStopWordsThanAPageHolds) {
  add("the then there these they this thorn");
  EXPECT_THAT(completions("th", 1), ElementsAre("thorn"));
}

TEST_F(SearchTest, AnEventThatComesAgainChangesNothing) {
  const auto id = add("zebra");
  for (int i = 0; i < 3; ++i) refresh(id);
  EXPECT_THAT(found("zebra"), ElementsAre("zebra"));
  EXPECT_EQ(process_->index.size(), 1u);
}

TEST_F(SearchTest, WhatWasAcknowledgedIsThereAfterARestart) {
  for (int i = 0; i < 5; ++i) add("zebra " + std::to_string(i));
  stop();
  start();
  EXPECT_EQ(found("zebra").size(), 5u);
}

TEST_F(SearchTest, AStateIsGoodAfterARestart) {
  for (int i = 0; i < 5; ++i) add("zebra " + std::to_string(i));
  const auto first = page("zebra", 2);
  stop();
  start();
  EXPECT_EQ(page("zebra", 5, first.paging_state).rows.size(), 3u);
}

TEST_F(SearchTest, AMissingIndexIsBuiltFromTheStore) {
  add("zebra");
  stop();
  std::filesystem::remove_all(directory_.path() / "search");
  write("lion");
  start();
  EXPECT_THAT(found("zebra lion"), UnorderedElementsAre("zebra", "lion"));
}

TEST_F(SearchTest, AnIndexThatIsNotActiveIsRebuilt) {
  add("zebra");
  stop();
  write("lion");  // by somebody who says so, as an import does
  invalidate_all_indexes(*store_);
  start();
  EXPECT_THAT(found("zebra lion"), UnorderedElementsAre("zebra", "lion"));
  stop();
  invalidate_all_indexes(*store_);
  ActiveIndexes other(*store_, embedded_index);  // another process has taken over
  const auto id = Uuid::random();
  other.begin(id);
  ASSERT_TRUE(other.activate(id));
  write("tiger");
  start();
  EXPECT_THAT(found("tiger"), ElementsAre("tiger"));
}

TEST_F(SearchTest, AnIndexOfAnotherFormatIsRebuilt) {
  add("café");
  const auto before = process_->active.current()->indexid;
  stop();
  const auto directory = directory_.path() / "search" / before.to_string();
  Xapian::WritableDatabase(directory.string(), Xapian::DB_OPEN).set_metadata("format", "2");
  start();
  EXPECT_NE(process_->active.current()->indexid, before);
  EXPECT_THAT(found("cafe"), ElementsAre("café"));
  EXPECT_THAT(completions("c"), ElementsAre("café"));
}

TEST_F(SearchTest, DamagedFilesAreReplaced) {
  for (int i = 0; i < 500; ++i) write("zebra number " + std::to_string(i), {"tag"}, "words words");
  rebuild();
  for (const auto* name : {"iamglass", "postlist.glass", "termlist.glass"}) {
    stop();
    for (const auto& file :
         std::filesystem::recursive_directory_iterator(directory_.path() / "search"))
      if (file.path().filename() == name) std::ofstream(file.path()) << "damaged";
    start();
    const auto end = std::chrono::steady_clock::now() + 60s;
    std::size_t count = 0;
    while (count != 500 && std::chrono::steady_clock::now() < end) {
      try {
        count = page("zebra", 1'000).rows.size();
      } catch (const Error& error) {
        ASSERT_EQ(error.code(), Code::unavailable);
      }
    }
    EXPECT_EQ(count, 500u) << name;
  }
}

TEST_F(SearchTest, RebuildingWhileVideosComeAndGoLosesNothing) {
  for (int i = 0; i < 2'000; ++i) write("zebra " + std::to_string(i));
  rebuild();
  std::vector<VideoId> added;
  std::jthread writer([&](const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      added.push_back(add("lion " + std::to_string(added.size())));
      if (added.size() % 5 == 0) {
        remove_row(added[added.size() - 3]);
        refresh(added[added.size() - 3]);
      }
    }
  });
  for (int i = 0; i < 5; ++i) {
    process_->builder.rebuild();
    do {
      EXPECT_EQ(page("zebra", 7).rows.size(), 7u);  // there is no gap in the answers
    } while (process_->builder.progress().running);
    ASSERT_EQ(process_->builder.progress().failure, "");
  }
  writer.request_stop();
  writer.join();
  EXPECT_EQ(process_->index.size(), 2'000 + added.size() - added.size() / 5);
}

TEST_F(SearchTest, WhatIsRefreshedWhileTheFirstIndexIsBuiltIsInIt) {
  std::vector<VideoId> ids;
  for (int i = 0; i < 3'000; ++i) ids.push_back(write("zebra " + std::to_string(i)));
  stop();
  std::filesystem::remove_all(directory_.path() / "search");
  process_.emplace(*store_, directory_.path() / "search", 0s);
  // Wherever the build has come to, some of these it has passed and others not.
  std::size_t refreshed = 0;
  do {
    write("lion", {}, {}, ids[refreshed * 7 % 3'000]);
    refresh(ids[refreshed * 7 % 3'000]);
  } while (++refreshed < 3'000 && process_->builder.progress().running);
  while (process_->builder.progress().running) std::this_thread::sleep_for(1ms);
  ASSERT_EQ(process_->builder.progress().failure, "");
  EXPECT_EQ(process_->index.size(), 3'000u);
  EXPECT_EQ(run(process_->index.search(context_, {"lion"}, {}, 3'000)).hits.size(), refreshed);
}

TEST_F(SearchTest, TheBulkGivesWhatEventsGive) {
  for (int i = 0; i < 300; ++i)
    add("zebra lion " + std::to_string(i % 17), {"tag" + std::to_string(i % 5)}, "café society");
  const auto all_answers = [&] {
    std::vector<std::vector<std::string>> answers;
    for (const auto* query : {"zebra", "lion 3", "tag2", "cafe 4", "societi", "16 tag1 zebra"}) {
      std::vector<std::string> ids;
      for (const auto& video : page(query, 1'000).rows) ids.push_back(video.videoid.to_string());
      answers.push_back(ids);
    }
    for (const auto* prefix : {"z", "ta", "1", "caf"}) answers.push_back(completions(prefix));
    return answers;
  };
  const auto by_events = all_answers();
  rebuild();
  EXPECT_EQ(all_answers(), by_events);
  stop();
  std::filesystem::remove_all(directory_.path() / "search");
  start();
  auto in_bulk = all_answers();
  auto sorted = by_events;  // equal weights: those that were added last came first
  for (auto* answers : {&in_bulk, &sorted})
    for (auto& answer : *answers) std::ranges::sort(answer);
  EXPECT_EQ(in_bulk, sorted);
}

}  // namespace
}  // namespace killrvideo
