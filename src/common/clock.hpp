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

/// Returns unique times, each at or after the wall clock. Any thread.
class UniqueClock {
 public:
  Timestamp next() {
    auto clock = now().time_since_epoch().count();
    auto previous = last_.load(std::memory_order_relaxed);
    decltype(clock) result;
    do {
      result = std::max(clock, previous + 1);
    } while (!last_.compare_exchange_weak(previous, result, std::memory_order_relaxed));
    return Timestamp{std::chrono::milliseconds{result}};
  }

 private:
  std::atomic<std::chrono::milliseconds::rep> last_{0};
};

}  // namespace killrvideo
