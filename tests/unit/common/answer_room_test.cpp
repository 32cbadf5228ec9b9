#include "common/answer_room.hpp"

#include <gtest/gtest.h>

#include "common/text.hpp"

namespace killrvideo {
namespace {

constexpr std::size_t largest_answer = 4'000'000;

struct CutCase {
  std::string text;
  std::size_t most_bytes;
  std::string left;
};

class Cutting : public testing::TestWithParam<CutCase> {};

TEST_P(Cutting, EndsAtACharacter) {
  std::string text = GetParam().text;
  cut(text, GetParam().most_bytes);
  EXPECT_EQ(text, GetParam().left);
}

INSTANTIATE_TEST_SUITE_P(Texts, Cutting,
                         testing::Values(CutCase{"", 0, ""}, CutCase{"abc", 3, "abc"},
                                         CutCase{"abc", 2, "ab"}, CutCase{"abc", 0, ""},
                                         CutCase{"aä", 3, "aä"}, CutCase{"aä", 2, "a"},
                                         CutCase{"ä", 1, ""}, CutCase{"🎬🎬", 7, "🎬"},
                                         CutCase{"🎬🎬", 8, "🎬🎬"}, CutCase{"🎬", 3, ""}));

// How many rows with texts of these sizes a page has.
std::size_t rows_that_fit(const std::vector<std::size_t>& texts) {
  AnswerRoom room;
  for (std::size_t rows = 0;; ++rows) {
    std::vector<std::string> row;
    for (const std::size_t size : texts) row.emplace_back(size, 'x');
    row.resize(2);
    if (!room.take({&row[0], &row[1]})) return rows;
  }
}

TEST(AnswerRoom, EndsBeforeTheLimit) {
  for (const std::size_t size : {1'000u, 20'000u, 300'000u, 1'000'000u, 5'000'000u}) {
    const auto rows = rows_that_fit({size});
    const auto cut_size = std::min<std::size_t>(size, most_text_bytes);
    EXPECT_LT(rows * (cut_size + 200), largest_answer) << size;
    EXPECT_GT((rows + 2) * (cut_size + AnswerRoom::row_bytes), largest_answer - 200'000) << size;
  }
}

TEST(AnswerRoom, HoldsAThousandRowsWithUsualTexts) { EXPECT_GT(rows_that_fit({255, 100}), 1'000u); }

TEST(AnswerRoom, CutsALongTextAtACharacter) {
  std::string text;
  while (text.size() < 1'500'000) text += "ä🎬";
  AnswerRoom room;
  EXPECT_TRUE(room.take({&text}));
  EXPECT_LE(text.size(), most_text_bytes);
  EXPECT_GT(text.size(), most_text_bytes - 4);
  EXPECT_TRUE(is_utf8(text));
}

TEST(AnswerRoom, IsUntouchedByWhatDoesNotFit) {
  AnswerRoom room;
  std::string large(900'000, 'x'), small(1'000, 'x');
  for (int i = 0; i < 4; ++i) EXPECT_TRUE(room.take({&large}));
  EXPECT_FALSE(room.take({&large}));
  EXPECT_TRUE(room.take({&small}));
}

struct FitCase {
  std::string what;
  std::vector<std::size_t> before;
  std::vector<std::size_t> after;  ///< of those that stay as they are; 0: shorter
};

class Fitting : public testing::TestWithParam<FitCase> {};

TEST_P(Fitting, CutsTheLongest) {
  std::vector<std::string> texts;
  for (const std::size_t size : GetParam().before) texts.emplace_back(size, 'x');
  std::vector<std::string*> pointers;
  for (std::string& text : texts) pointers.push_back(&text);
  AnswerRoom::fit(3, pointers);
  std::size_t sum = 0;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    sum += texts[i].size();
    if (GetParam().after[i] > 0) {
      EXPECT_EQ(texts[i].size(), GetParam().after[i]) << i;
    } else {
      EXPECT_LT(texts[i].size(), GetParam().before[i]) << i;
    }
  }
  EXPECT_LT(sum, largest_answer);
}

INSTANTIATE_TEST_SUITE_P(
    Sizes, Fitting,
    testing::Values(
        FitCase{"nothing to cut", {10, 20, 1'000'000}, {10, 20, 1'000'000}},
        FitCase{"one too long", {10, 3'000'000, 20}, {10, 1'000'000, 20}},
        FitCase{"all too long", {5'000'000, 5'000'000, 5'000'000, 5'000'000, 5}, {0, 0, 0, 0, 5}},
        FitCase{"many that are too much together", std::vector<std::size_t>(100, 60'000),
                std::vector<std::size_t>(100, 0)},
        FitCase{"short ones stay",
                {900'000, 900'000, 900'000, 900'000, 900'000, 100},
                {0, 0, 0, 0, 0, 100}}),
    [](const auto& info) {
      std::string name = info.param.what;
      std::ranges::replace(name, ' ', '_');
      return name;
    });

}  // namespace
}  // namespace killrvideo
