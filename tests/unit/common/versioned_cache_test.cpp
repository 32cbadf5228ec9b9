#include "common/versioned_cache.hpp"

#include <gtest/gtest.h>

#include <string>

namespace killrvideo {
namespace {

class VersionedCacheTest : public ::testing::Test {
 protected:
  // What is kept of these keys: all that cost as much as their values are long.
  std::string kept(int version, const std::string& keys) {
    std::string all;
    for (const char key : keys)
      if (const auto value = cache_.find(version, key)) all += *value;
    return all;
  }

  VersionedCache<int, char, std::string> cache_{
      10, [](char, const std::string& value) { return value.size(); }};
};

TEST_F(VersionedCacheTest, FindsWhatItKeepsOfTheSameVersionOnly) {
  cache_.keep(1, 'a', "one");
  cache_.keep(1, 'b', "two");
  EXPECT_EQ(kept(1, "abc"), "onetwo");
  EXPECT_EQ(kept(2, "ab"), "");
  cache_.keep(2, 'a', "new");
  EXPECT_EQ(kept(1, "ab"), "");
  EXPECT_EQ(kept(2, "ab"), "new");
}

TEST_F(VersionedCacheTest, AnotherValueReplacesTheOneOfItsKey) {
  cache_.keep(1, 'a', "12345");
  for (int i = 0; i < 3; ++i) cache_.keep(1, 'a', "123456789");
  cache_.keep(1, 'b', "x");
  EXPECT_EQ(kept(1, "ab"), "123456789x");
}

TEST_F(VersionedCacheTest, IsBoundedByWhatItsValuesCost) {
  cache_.keep(1, 'a', "12345");
  cache_.keep(1, 'b', "12345");
  EXPECT_EQ(kept(1, "ab"), "1234512345");
  cache_.keep(1, 'c', "x");
  EXPECT_EQ(kept(1, "abc"), "x");
  cache_.keep(1, 'd', "much too long a value");
  EXPECT_EQ(kept(1, "cd"), "x");
}

}  // namespace
}  // namespace killrvideo
