// Wall-clock time in the precision of CQL's timestamp.
#pragma once

#include <atomic>
#include <chrono>

#include "common/uuid.hpp"

namespace killrvideo {

inline Timestamp now() {
  return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

/// Hands out times of which no two are equal, each at or after the wall clock. Any thread.
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
