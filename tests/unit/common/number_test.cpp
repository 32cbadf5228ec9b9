#include "common/number.hpp"

#include <gtest/gtest.h>

#include <cstdint>

namespace killrvideo {
namespace {

TEST(ParseNumber, TakesTextsThatAreANumberAsAWhole) {
  EXPECT_EQ(parse_number<int>("0"), 0);
  EXPECT_EQ(parse_number<int>("-17"), -17);
  EXPECT_EQ(parse_number<std::uint16_t>("65535"), 65535);
  EXPECT_EQ(parse_number<float>("2.5e-1"), 0.25F);
}

TEST(ParseNumber, RefusesWhatIsNoneOrDoesNotFit) {
  for (const char* text : {"", " 1", "1 ", "+1", "1x", "x1", "0x10", "1.5", "2147483648"})
    EXPECT_EQ(parse_number<int>(text), std::nullopt) << text;
  EXPECT_EQ(parse_number<unsigned>("-1"), std::nullopt);
  EXPECT_EQ(parse_number<std::uint16_t>("65536"), std::nullopt);
}

}  // namespace
}  // namespace killrvideo
