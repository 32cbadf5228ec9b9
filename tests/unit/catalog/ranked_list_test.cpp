#include "catalog/ranked_list.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <map>

#include "common/error.hpp"
#include "suggestions/ratings_model.hpp"
#include "tags/tables.hpp"

namespace killrvideo {
namespace {

// All scores, as the store has them.
class Scores {
 public:
  void set(int number, std::int64_t score) {
    if (score == 0) {
      scores_.erase(number);
    } else {
      scores_[number] = score;
    }
  }
  std::vector<Ranked> sorted() const {
    std::vector<Ranked> all;
    for (const auto& [number, score] : scores_) all.push_back({score, video(number)});
    std::ranges::sort(all, ranks_before);
    return all;
  }

 private:
  std::map<int, std::int64_t> scores_;
};

std::vector<Ranked> first(std::span<const Ranked> all, std::size_t count) {
  const auto some = all.first(std::min(all.size(), count));
  return {some.begin(), some.end()};
}

RC_GTEST_PROP(RankedList, HasTheBestAfterAnyChanges, ()) {
  ScoreList list;
  Scores scores;
  const int steps = *rc::gen::inRange(1, 1'500);
  for (int i = 0; i < steps; ++i) {
    const int number = *rc::gen::inRange(0, 400);
    const auto score = *rc::gen::inRange<std::int64_t>(0, 50);
    scores.set(number, score);
    if (score != 0) {
      list.set({score, video(number)});
    } else {
      list.erase(video(number));
    }
    if (list.may_lack(least_scores)) list = ScoreList(scores.sorted());
    RC_ASSERT(list.entries().size() <= ScoreList::most);
  }
  RC_ASSERT(first(list.entries(), least_scores) == first(scores.sorted(), least_scores));
  RC_ASSERT(std::ranges::is_sorted(list.entries(), ranks_before));
  RC_ASSERT(ScoreList::decode(list.encode()) == list);
}

TEST(RankedList, HasToBeFilledAgainOnlyOnceInManyChanges) {
  std::vector<Ranked> all;
  for (int i = 0; i < 1'000; ++i) all.push_back({1'000 + i, video(i)});
  ScoreList list(all);
  std::size_t fillings = 0;
  // The worst that can happen: it is always one of the best that is lost.
  for (std::size_t i = 0; i < 500; ++i) {
    list.erase(list.entries().front().video);
    std::erase_if(all, [&](const Ranked& scored) {
      return scored.video == video(999 - static_cast<int>(i));
    });
    if (!list.may_lack(least_scores)) continue;
    list = ScoreList(all);
    ++fillings;
  }
  EXPECT_LE(fillings, 500 / (ScoreList::most - least_scores));
  EXPECT_EQ(list.entries().front(), (Ranked{1'499, video(499)}));
}

TEST(RankedList, ASmallOneKnowsAll) {
  ScoreList list;
  list.set({3, video(1)});
  list.set({5, video(2)});
  list.set({3, video(3)});
  EXPECT_EQ(first(list.entries(), 9),
            (std::vector<Ranked>{{5, video(2)}, {3, video(1)}, {3, video(3)}}));
  list.erase(video(2));
  EXPECT_EQ(first(list.entries(), 9), (std::vector<Ranked>{{3, video(1)}, {3, video(3)}}));
  EXPECT_FALSE(list.may_lack(least_scores));
}

TEST(RankedList, TellsWhatWasChanged) {
  TagList list;
  for (int i = 1; i <= static_cast<int>(TagList::most); ++i) EXPECT_TRUE(list.set({i, video(i)}));
  EXPECT_FALSE(list.set({7, video(7)})) << "it has this rank";
  EXPECT_TRUE(list.set({0, video(0)})) << "it is the best that is left out";
  EXPECT_FALSE(list.set({-1, video(999)})) << "it is worse than that";
  EXPECT_TRUE(list.set({1'000, video(7)}));
  EXPECT_EQ(list.entries().front(), (Ranked{1'000, video(7)}));
  EXPECT_TRUE(list.set({1'001, video(1'001)}));
  EXPECT_EQ(list.entries().size(), TagList::most);
  EXPECT_EQ(list.entries().back(), (Ranked{2, video(2)})) << "1 was pushed out";
  const auto blob = list.encode();
  const EncodedRankedList encoded(blob);
  ASSERT_EQ(encoded.size(), TagList::most);
  for (std::size_t i = 0; i < encoded.size(); ++i) EXPECT_EQ(encoded[i], list.entries()[i]);
  EXPECT_EQ(encoded.best_left_out(), (Ranked{1, video(1)}));
}

TEST(RankedList, RefusesWhatIsNone) {
  EXPECT_THROW(ScoreList::decode({"something"}), Error);
  EXPECT_EQ(ScoreList::decode({""}), ScoreList());
}

}  // namespace
}  // namespace killrvideo
