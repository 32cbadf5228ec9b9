// Explanations against what the embedded index itself ranks by.
#include "search/explain.hpp"

#include <gmock/gmock.h>

#include <bit>
#include <thread>

#include "search/document.hpp"
#include "search/search.hpp"
#include "search/xapian/index.hpp"
#include "search/xapian/weigh.hpp"
#include "storage/temporary_directory.hpp"
#include "storage/values.hpp"

namespace killrvideo {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

Video explained_row(std::uint8_t number, const std::string& name, storage::TextSet tags = {},
                    const std::string& description = {}) {
  Video row{};
  row.videoid.bytes[15] = number;
  row.name = name;
  row.tags = std::move(tags);
  row.description = description;
  return row;
}

std::string repeated(const std::string& text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) all += text;
  return all;
}

const std::vector<Video> explained_rows{
    explained_row(0, "The Amazing Spider-Man", {"spider", "film"}, "A spider bites a man."),
    explained_row(1, "Spiders", {"nature"}, "What a spider eats, and what eats the spider."),
    explained_row(2, "A film", {"spider", "spider man"}, repeated("An amazing film. ", 60)),
    explained_row(3, repeated("spider ", 30)),
    explained_row(4, "Café", {"東京"}, "東京 2001"),
    explained_row(5, "Cafes of the world", {}, repeated("long ", 400) + "spider"),
    explained_row(6, "", {}, "man"),
};

// An index of these rows, open for writing all the time, as a running server has it.
class ExplainTest : public ::testing::Test {
 protected:
  ExplainTest() {
    auto build = index_.build(id_);
    for (const auto& row : explained_rows) build->add(indexed(row));
    build->finish();
    build->keep();
    build.reset();
    if (!index_.open(id_)) throw std::runtime_error("the index cannot be opened");
  }

  Weighing weigh(const std::string& query, const VideoId& video) const {
    return xapian_engine::weigh(directory_.path() / id_.to_string(), words_of_query(query), video);
  }

  Explanation explain(const std::string& query, const Video& row) const {
    return killrvideo::explain(row, words_of_query(query), weigh(query, row.videoid));
  }

  std::string why_not(const std::string& query, const Video& row) const try {
    explain(query, row);
    return "";
  } catch (const Error& error) {
    return error.what();
  }

  std::vector<SearchHit> hits(const std::string& query) {
    return run(index_.search(Context{}, words_of_query(query), {}, 1'000)).hits;
  }

  storage::TemporaryDirectory directory_{storage::memory_directory()};
  xapian_engine::Index index_{directory_.path()};
  const Uuid id_ = Uuid::random();
};

class ExplainQueryTest : public ExplainTest, public ::testing::WithParamInterface<const char*> {};

// A hit's cursor begins with its weight.
double weight_in(const SearchHit& hit) {
  return std::bit_cast<double>(storage::get_big_endian<std::uint64_t>(hit.cursor.data()));
}

TEST_P(ExplainQueryTest, TheSumIsWhatTheHitIsRankedBy) {
  const auto found = hits(GetParam());
  ASSERT_FALSE(found.empty());
  double last = std::numeric_limits<double>::max();
  for (const auto& hit : found) {
    const auto& row = explained_rows.at(hit.video.bytes[15]);
    const auto explanation = explain(GetParam(), row);
    EXPECT_EQ(explanation.weight, weight_in(hit)) << row.name;
    EXPECT_LE(explanation.weight, last);
    last = explanation.weight;
    double sum = 0;
    for (const auto& word : explanation.words) sum += word.weight;
    EXPECT_EQ(explanation.weight, sum);
  }
}

TEST_P(ExplainQueryTest, TheImpactIsTheRoundedSumOfTheFields) {
  for (const auto& hit : hits(GetParam())) {
    for (const auto& word : explain(GetParam(), explained_rows.at(hit.video.bytes[15])).words) {
      double sum = 0;
      for (const auto& field : word.fields) sum += field.impact();
      const double most_rounding = in_name.unit / 2;
      EXPECT_NEAR(word.impact, std::min(sum, most_impact), most_rounding) << word.word.word;
      EXPECT_EQ(word.fields.empty(), word.impact == 0);
    }
  }
}

TEST_P(ExplainQueryTest, WhatIsNoHitIsNotExplained) {
  const auto found = hits(GetParam());
  for (const auto& row : explained_rows)
    if (std::ranges::find(found, row.videoid, &SearchHit::video) == found.end())
      EXPECT_THAT(why_not(GetParam(), row), HasSubstr("is no hit: it has none of the words"));
}

// Words that are known, misspelt, both; repeated; in one field or in all. Add a line for each kind.
INSTANTIATE_TEST_SUITE_P(Queries, ExplainQueryTest,
                         ::testing::Values("spider", "Spider-Man", "the amazing spider man film",
                                           "spidr", "amazing spidr mann", "spiders spidrs",
                                           "spider spider SPIDER", "cafe 東京", "cafés", "long",
                                           "zzzzzzzz spider", "2001 nature"));

TEST_F(ExplainTest, EachFieldSaysWhatItAdds) {
  const auto explanation = explain("spider", explained_rows[0]);
  ASSERT_EQ(explanation.words.size(), 1u);
  const auto& word = explanation.words.front();
  EXPECT_EQ(word.word.videos, 5u);
  ASSERT_EQ(word.fields.size(), 3u);
  struct Expected {
    std::string_view field;
    double boost;
    std::size_t count, length;
  };
  const std::vector<Expected> expected{
      {"name", 4, 1, 4}, {"tags", 2, 1, 2}, {"description", 1, 1, 5}};
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_EQ(word.fields[i].field, expected[i].field);
    EXPECT_EQ(word.fields[i].boost, expected[i].boost);
    EXPECT_EQ(word.fields[i].count, expected[i].count);
    EXPECT_EQ(word.fields[i].length, expected[i].length);
  }
}

TEST_F(ExplainTest, ANearWordTellsWhatItStandsFor) {
  const auto explanation = explain("spidr man nonsense", explained_rows[0]);
  ASSERT_EQ(explanation.words.size(), 2u);
  EXPECT_EQ(explanation.words[0].word.typed, "man");
  EXPECT_EQ(explanation.words[0].word.downweight_shift, 0);
  EXPECT_EQ(explanation.words[1].word.word, "spider");
  EXPECT_EQ(explanation.words[1].word.typed, "spidr");
  EXPECT_GT(explanation.words[1].word.downweight_shift, 0);
  EXPECT_THAT(explanation.ignored, ElementsAre("nonsense"));
}

TEST_F(ExplainTest, SaysWhyThereIsNothingToExplain) {
  EXPECT_THAT(why_not("nonsense", explained_rows[0]), HasSubstr("no video has a word of it"));
  EXPECT_THAT(why_not("cafe", explained_rows[6]), HasSubstr("none of the words"));
  const auto unknown = explained_row(99, "spider");
  EXPECT_THAT(why_not("spider", unknown),
              HasSubstr(unknown.videoid.to_string() + " is not in the search index"));
  auto changed = explained_rows[0];
  changed.name = "Another name";
  EXPECT_THAT(why_not("spider", changed), HasSubstr("as it was before its row changed"));
}

TEST_F(ExplainTest, AnIndexThatRanksOtherwiseIsNotExplained) {
  auto weighing = weigh("spider", explained_rows[0].videoid);
  weighing.weight *= 1.001;
  EXPECT_THROW(killrvideo::explain(explained_rows[0], {}, weighing), Error);
}

TEST_F(ExplainTest, AnIndexThatIsNotThereIsAnError) {
  try {
    xapian_engine::weigh(directory_.path() / "none", {"spider"}, {});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Code::failed_precondition);
    EXPECT_THAT(error.what(), HasSubstr("none is not there"));
  }
}

TEST_F(ExplainTest, ReadsWhileTheIndexIsChanged) {
  std::jthread writer([&](const std::stop_token& stop) {
    for (std::uint8_t number = 100; !stop.stop_requested();
         number = number < 250 ? number + 1 : 100)
      index_.apply({{indexed(explained_row(number, "okapi " + repeated("x ", 40)))}, {}}, {});
  });
  for (int i = 0; i < 200; ++i) {
    const auto explanation = explain("amazing", explained_rows[0]);
    EXPECT_THAT(explanation.ignored, IsEmpty());
    EXPECT_GT(explanation.weight, 0);
  }
}

}  // namespace
}  // namespace killrvideo
