// Wall-clock time in the precision of CQL's timestamp.
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>

#include "common/uuid.hpp"

namespace killrvideo {

inline Timestamp now() {
  return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

/// The first and the last millisecond of the years 1 to 9999: interfaces cannot express other
/// times, but tables may hold any, since other tools write them, too.
inline constexpr Timestamp earliest_time{std::chrono::seconds{-62'135'596'800}};
inline constexpr Timestamp latest_time{std::chrono::milliseconds{253'402'300'799'999}};

/// The nearest time that interfaces can express.
constexpr Timestamp clamp_time(Timestamp stored) {
  return std::clamp(stored, earliest_time, latest_time);
}

/// A time of a clock that ascends, as a number: `clock`, or the one after `last`, which it becomes.
/// Any thread.
inline std::int64_t next_unique(std::atomic<std::int64_t>& last, std::int64_t clock) {
  auto previous = last.load(std::memory_order_relaxed);
  std::int64_t result = 0;
  do {
    result = std::max(clock, previous + 1);
  } while (!last.compare_exchange_weak(previous, result, std::memory_order_relaxed));
  return result;
}

/// Returns unique times, each at or after the wall clock. Any thread.
class UniqueClock {
 public:
  Timestamp next() {
    const auto result = next_unique(last_, now().time_since_epoch().count());
    return Timestamp{std::chrono::milliseconds{result}};
  }

 private:
  std::atomic<std::int64_t> last_{0};
};

}  // namespace killrvideo
