#include "suggestions/top_list.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <map>

#include "common/error.hpp"
#include "suggestions/ratings_model.hpp"

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
  std::vector<Scored> sorted() const {
    std::vector<Scored> all;
    for (const auto& [number, score] : scores_) all.push_back({score, video(number)});
    std::ranges::sort(all, better);
    return all;
  }

 private:
  std::map<int, std::int64_t> scores_;
};

std::vector<Scored> first(std::span<const Scored> all, std::size_t count) {
  const auto some = all.first(std::min(all.size(), count));
  return {some.begin(), some.end()};
}

RC_GTEST_PROP(TopList, HasTheBestAfterAnyChanges, ()) {
  TopList list;
  Scores scores;
  const int steps = *rc::gen::inRange(1, 1'500);
  for (int i = 0; i < steps; ++i) {
    const int number = *rc::gen::inRange(0, 400);
    const auto score = *rc::gen::inRange<std::int64_t>(0, 50);
    scores.set(number, score);
    list.set(video(number), score);
    if (list.needs_all()) list = TopList(scores.sorted());
    RC_ASSERT(list.best().size() <= TopList::most);
  }
  RC_ASSERT(first(list.best(), TopList::least) == first(scores.sorted(), TopList::least));
  RC_ASSERT(std::ranges::is_sorted(list.best(), better));
  RC_ASSERT(TopList::decode(list.encode()) == list);
}

TEST(TopList, HasToBeFilledAgainOnlyOnceInManyChanges) {
  std::vector<Scored> all;
  for (int i = 0; i < 1'000; ++i) all.push_back({1'000 + i, video(i)});
  TopList list(all);
  std::size_t fillings = 0;
  // The worst that can happen: it is always one of the best that is lost.
  for (std::size_t i = 0; i < 500; ++i) {
    list.set(list.best().front().video, 0);
    std::erase_if(all, [&](const Scored& scored) {
      return scored.video == video(999 - static_cast<int>(i));
    });
    if (!list.needs_all()) continue;
    list = TopList(all);
    ++fillings;
  }
  EXPECT_LE(fillings, 500 / (TopList::most - TopList::least));
  EXPECT_EQ(list.best().front(), (Scored{1'499, video(499)}));
}

TEST(TopList, ASmallOneKnowsAll) {
  TopList list;
  list.set(video(1), 3);
  list.set(video(2), 5);
  list.set(video(3), 3);
  EXPECT_EQ(first(list.best(), 9),
            (std::vector<Scored>{{5, video(2)}, {3, video(1)}, {3, video(3)}}));
  list.set(video(2), 0);
  EXPECT_EQ(first(list.best(), 9), (std::vector<Scored>{{3, video(1)}, {3, video(3)}}));
  EXPECT_FALSE(list.needs_all());
}

TEST(TopList, RefusesWhatIsNone) {
  EXPECT_THROW(TopList::decode({"something"}), Error);
  EXPECT_EQ(TopList::decode({""}), TopList());
}

}  // namespace
}  // namespace killrvideo
