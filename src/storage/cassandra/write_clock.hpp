// The timestamps of writes: of two writes to a cell, Cassandra keeps the one with the later
// timestamp.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

#include "common/clock.hpp"

namespace killrvideo::storage::cassandra {

/// Later calls get later timestamps, in this process. Any thread.
///
/// Conditional writes get their timestamps from a server, which uses the start of the millisecond
/// (or a later time if that was used before). A conditional write that follows a write must not
/// have an earlier timestamp. So writes are backdated by one millisecond, but never to before a
/// condition that was decided before them.
class WriteClock {
 public:
  /// For a write that begins now, in microseconds since the epoch.
  std::int64_t next() { return next_unique(last_, now() - server_granularity); }

  /// Call when a condition has been decided: writes from now on get later timestamps.
  void condition_decided() {
    const std::int64_t time = now();
    std::int64_t last = last_.load(std::memory_order_relaxed);
    while (last < time && !last_.compare_exchange_weak(last, time, std::memory_order_relaxed)) {
    }
  }

 private:
  static constexpr std::int64_t server_granularity = 1'000;

  static std::int64_t now() {
    const auto time = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::microseconds>(time).count();
  }

  std::atomic<std::int64_t> last_{0};
};

}  // namespace killrvideo::storage::cassandra
