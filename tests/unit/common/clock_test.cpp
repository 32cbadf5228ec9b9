#include "common/clock.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <thread>
#include <vector>

namespace killrvideo {
namespace {

TEST(UniqueClock, ascends_and_does_not_fall_behind_the_wall_clock) {
  UniqueClock clock;
  Timestamp last{};
  for (int i = 0; i < 10'000; ++i) {
    Timestamp before = now();
    Timestamp time = clock.next();
    EXPECT_GE(time, before);
    EXPECT_GT(time, last);
    last = time;
  }
}

TEST(UniqueClock, gives_no_two_threads_the_same_time) {
  constexpr std::size_t threads = 4, times = 2'000;
  UniqueClock clock;
  std::vector<std::vector<Timestamp>> taken(threads);
  {
    std::vector<std::jthread> taking;
    for (auto& mine : taken)
      taking.emplace_back([&] {
        for (std::size_t i = 0; i < times; ++i) mine.push_back(clock.next());
      });
  }
  std::vector<Timestamp> all;
  for (const auto& mine : taken) all.insert(all.end(), mine.begin(), mine.end());
  std::ranges::sort(all);
  EXPECT_EQ(std::ranges::adjacent_find(all), all.end());
  EXPECT_EQ(all.size(), threads * times);
}

}  // namespace
}  // namespace killrvideo
