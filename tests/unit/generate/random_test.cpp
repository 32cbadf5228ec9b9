#include "generate/random.hpp"

#include <gtest/gtest.h>

#include <set>

namespace killrvideo::generate {
namespace {

TEST(Random, GivesTheSameNumbersEverywhere) {
  Random random(1, Purpose::user, 7);
  EXPECT_EQ(random.next(), 6855170155786144191u);
  EXPECT_EQ(random.uuid().to_string(), "ab0b5b6b-6203-4b10-affe-9c71770090b5");
}

TEST(Random, StreamsDiffer) {
  std::set<std::uint64_t> first;
  for (std::uint64_t seed = 0; seed < 10; ++seed)
    for (auto purpose : {Purpose::user, Purpose::video, Purpose::date})
      for (std::uint64_t index = 0; index < 10; ++index)
        first.insert(Random(seed, purpose, index).next());
  EXPECT_EQ(first.size(), 300u);
}

TEST(Random, UuidsAreOfVersion4) {
  Random random(1, Purpose::user);
  for (int i = 0; i < 100; ++i) {
    const auto id = random.uuid();
    EXPECT_EQ(id.version(), 4);
    EXPECT_EQ(id.bytes[8] >> 6, 2);
  }
}

TEST(Zipf, RanksAreDrawnByTheirWeights) {
  const Zipf zipf(100, 1);
  Random random(1, Purpose::counts);
  std::vector<int> drawn(100);
  constexpr int draws = 100'000;
  for (int i = 0; i < draws; ++i) ++drawn[zipf.draw(random)];
  // The weights are 1, 1/2, 1/3 …; their sum is 5.187.
  EXPECT_NEAR(drawn[0], draws / 5.187, 600);
  EXPECT_NEAR(drawn[1], draws / 5.187 / 2, 500);
  EXPECT_NEAR(drawn[9], draws / 5.187 / 10, 250);
  EXPECT_GT(drawn[99], 0);
}

TEST(Zipf, OneRankIsAlwaysDrawn) {
  const Zipf zipf(1, 20);
  Random random(1, Purpose::counts);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(zipf.draw(random), 0u);
}

}  // namespace
}  // namespace killrvideo::generate
