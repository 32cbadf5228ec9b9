#include "search/opensearch/document_frequency_cache.hpp"

#include <gmock/gmock.h>

namespace killrvideo::opensearch {
namespace {

using namespace std::chrono_literals;
using testing::Pair;
using testing::UnorderedElementsAre;

struct DocumentFrequencyCacheTest : ::testing::Test {
  void keep(const std::map<std::string, std::uint64_t>& words) {
    recent_.keep({.videos = 100, .words = words}, recent_.version());
  }

  DocumentFrequencyCache::Clock::time_point time_{1h};
  DocumentFrequencyCache recent_{[this] { return time_; }};
};

TEST_F(DocumentFrequencyCacheTest, KnowsWhatItWasToldForAWhile) {
  EXPECT_FALSE(recent_.find({"cat"}));
  keep({{"cat", 3}, {"dog", 4}});
  time_ += DocumentFrequencyCache::valid - 1ms;
  const auto found = recent_.find({"dog"});
  ASSERT_TRUE(found);
  EXPECT_EQ(found->videos, 100U);
  EXPECT_THAT(found->words, UnorderedElementsAre(Pair("dog", 4)));
  time_ += 1ms;
  EXPECT_FALSE(recent_.find({"dog"}));
}

TEST_F(DocumentFrequencyCacheTest, KnowsAllWordsOrNone) {
  keep({{"cat", 3}});
  EXPECT_FALSE(recent_.find({"cat", "dog"}));
  keep({{"dog", 4}});
  EXPECT_TRUE(recent_.find({"cat", "dog"}));
}

TEST_F(DocumentFrequencyCacheTest, AWordThatNobodyHasIsAskedForAgain) {
  keep({{"cat", 0}});
  EXPECT_FALSE(recent_.find({"cat"}));
}

TEST_F(DocumentFrequencyCacheTest, EachIsAsOldAsItIs) {
  keep({{"cat", 3}});
  time_ += DocumentFrequencyCache::valid - 1s;
  keep({{"dog", 4}});
  time_ += 1s;
  EXPECT_FALSE(recent_.find({"cat"}));
  EXPECT_TRUE(recent_.find({"dog"}));
}

TEST_F(DocumentFrequencyCacheTest, AChangeMakesItForgetAndWhatWasAskedBeforeIsNotKept) {
  keep({{"cat", 3}});
  const auto version = recent_.version();
  recent_.forget();
  EXPECT_FALSE(recent_.find({"cat"}));
  recent_.keep({.videos = 100, .words = {{"cat", 3}}}, version);
  EXPECT_FALSE(recent_.find({"cat"}));
}

TEST_F(DocumentFrequencyCacheTest, IsBounded) {
  for (std::size_t n = 0; n <= DocumentFrequencyCache::most_words; ++n)
    keep({{std::to_string(n), 1}});
  EXPECT_FALSE(recent_.find({"0"}));
  EXPECT_TRUE(recent_.find({std::to_string(DocumentFrequencyCache::most_words)}));
}

}  // namespace
}  // namespace killrvideo::opensearch
