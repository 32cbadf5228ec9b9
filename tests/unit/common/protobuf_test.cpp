#include "common/protobuf.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace killrvideo {
namespace {

struct TimeCase {
  std::int64_t stored;  ///< in milliseconds since 1970
  std::int64_t seconds;
  std::int32_t nanos;
};

constexpr std::int64_t first_second = -62'135'596'800, last_second = 253'402'300'799;

class ToldTimes : public testing::TestWithParam<TimeCase> {};

TEST_P(ToldTimes, AreTheNearestThatAreValid) {
  google::protobuf::Timestamp told;
  write_timestamp(Timestamp{std::chrono::milliseconds{GetParam().stored}}, &told);
  EXPECT_EQ(told.seconds(), GetParam().seconds);
  EXPECT_EQ(told.nanos(), GetParam().nanos);
}

INSTANTIATE_TEST_SUITE_P(
    Stored, ToldTimes,
    testing::Values(TimeCase{0, 0, 0}, TimeCase{1'700'000'000'123, 1'700'000'000, 123'000'000},
                    TimeCase{-1, -1, 999'000'000}, TimeCase{first_second * 1'000, first_second, 0},
                    TimeCase{first_second * 1'000 - 1, first_second, 0},
                    TimeCase{last_second * 1'000 + 999, last_second, 999'000'000},
                    TimeCase{last_second * 1'000 + 1'000, last_second, 999'000'000},
                    TimeCase{1'700'000'000'000'000, last_second, 999'000'000},
                    TimeCase{std::numeric_limits<std::int64_t>::min(), first_second, 0},
                    TimeCase{std::numeric_limits<std::int64_t>::max(), last_second, 999'000'000}));

}  // namespace
}  // namespace killrvideo
