// Scores of ratings, and entries in lists of tags, that are gone: other tools may change ratings
// and videos without an event.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <mutex>
#include <utility>

#include "storage/store.hpp"

namespace killrvideo {

/// Told of what readers have met that the shared tables do not bear out. That may be a change of
/// which the event is on its way; what is still met after some time is a leftover, and has all made
/// anew. Any thread.
class Leftovers {
 public:
  using Clock = std::chrono::steady_clock;

  /// The store outlives this.
  explicit Leftovers(storage::Store& store, std::function<Clock::time_point()> clock = Clock::now)
      : store_(store), clock_(std::move(clock)) {}

  /// What is about these two was met.
  Task<void> met(Uuid a, Uuid b);

  /// An event that takes longer to be delivered has a rebuild made for nothing.
  static constexpr std::chrono::seconds patience{60};

 private:
  bool is_old(const Uuid& a, const Uuid& b);

  storage::Store& store_;
  const std::function<Clock::time_point()> clock_;
  std::mutex mutex_;
  std::map<std::pair<decltype(Uuid::bytes), decltype(Uuid::bytes)>, Clock::time_point> since_;
};

}  // namespace killrvideo
