#include "events/kafka/record_source.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <vector>

namespace killrvideo::kafka {
namespace {

TEST(KafkaOffsets, HaveNoPositionBeforeTheFirstRecord) {
  EXPECT_EQ(Offsets().position(), std::nullopt);
}

TEST(KafkaOffsets, StayAtTheFirstRecordThatIsNotHandled) {
  Offsets offsets;
  for (const std::int64_t offset : {7, 8, 12}) offsets.take(offset);
  EXPECT_EQ(offsets.position(), 7);
  offsets.settle(8);
  EXPECT_EQ(offsets.position(), 7);
  offsets.settle(7);
  EXPECT_EQ(offsets.position(), 12);
  offsets.settle(12);
  EXPECT_EQ(offsets.position(), 13);
}

RC_GTEST_PROP(KafkaOffsets, NeverPassARecordThatIsNotHandled, ()) {
  Offsets offsets;
  std::vector<std::int64_t> taken, left;
  for (const auto gap : *rc::gen::nonEmpty<std::vector<std::uint8_t>>()) {
    taken.push_back((taken.empty() ? 0 : taken.back() + 1) + gap);
    offsets.take(taken.back());
  }
  left = taken;
  while (!left.empty()) {
    const auto index = *rc::gen::inRange<std::size_t>(0, left.size());
    offsets.settle(left[index]);
    left.erase(left.begin() + static_cast<std::ptrdiff_t>(index));
    RC_ASSERT(offsets.position() == (left.empty() ? taken.back() + 1 : left.front()));
  }
}

}  // namespace
}  // namespace killrvideo::kafka
