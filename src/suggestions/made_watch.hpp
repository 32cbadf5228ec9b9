// Whether suggestions are complete, for processes that share the recommender's work: while they are
// made anew, nobody else may change them.
#pragma once

#include <chrono>
#include <functional>
#include <mutex>
#include <optional>

#include "common/time_limits.hpp"
#include "storage/store.hpp"

namespace killrvideo {

/// Looks at the store again and again. Whoever makes suggestions anew first says in the store that
/// they are not complete, and begins when everybody knows: after `everybody_knows`, as what was
/// seen counts for the time `valid` only. All of it may be used by any thread.
class MadeWatch {
 public:
  using Clock = std::chrono::steady_clock;

  static constexpr auto valid = time_limits::epoch_valid;
  static constexpr auto everybody_knows = time_limits::epoch_known_after;

  /// The store outlives this.
  explicit MadeWatch(storage::Store& store, std::function<Clock::time_point()> clock = Clock::now)
      : store_(store), clock_(std::move(clock)) {}

  /// Blocks. If the store does not answer, what was seen before counts for as long as it is valid.
  void look();

  /// When they were made; nothing if they are not complete or that is not known.
  std::optional<Timestamp> made_at() const;

  /// The same. Throws Error unavailable instead of nothing.
  Timestamp when_made() const;

 private:
  storage::Store& store_;
  const std::function<Clock::time_point()> clock_;
  mutable std::mutex mutex_;
  std::optional<Timestamp> made_at_;
  Clock::time_point valid_until_{};
};

}  // namespace killrvideo
