// The epoch of the scores: when they were last rebuilt.
//
// While a rebuild is running, nobody else may change scores, and deltas that were found before it
// must not be added after it. So deltas carry the epoch for which they were found, as a fencing
// token, and whoever rebuilds first revokes the epoch and waits until nobody relies on it.
#pragma once

#include <chrono>
#include <functional>
#include <mutex>
#include <optional>

#include "storage/store.hpp"

namespace killrvideo {

/// The epoch in the store; nothing if a rebuild is needed or running. Blocks.
std::optional<Timestamp> current_epoch(storage::Store& store);

/// Whether some process may rely on an epoch: there has been one. Blocks.
bool was_ever_rebuilt(storage::Store& store);

/// Revokes the epoch, so that the process that delivers events rebuilds suggestions.
Task<void> ask_for_rebuild(storage::Store& store);

/// Begins the next epoch. Blocks.
void begin_epoch(storage::Store& store);

/// What this process knows of the epoch. What was read counts for time_limits::epoch_valid; so
/// nobody relies on an epoch any more when it was revoked epoch_known_after ago. Any thread.
class RebuildEpoch {
 public:
  using Clock = std::chrono::steady_clock;

  static constexpr std::chrono::seconds look_interval{1};

  /// The store outlives this.
  explicit RebuildEpoch(storage::Store& store,
                        std::function<Clock::time_point()> clock = Clock::now)
      : store_(store), clock_(std::move(clock)) {}

  /// Reads the store; blocks. If it does not answer, what was read before stays valid for its time.
  void look();

  /// The epoch; nothing if there is none or it is not known.
  std::optional<Timestamp> known() const;

  /// The epoch, read again if the last look was a while ago; blocks. Throws Error unavailable if
  /// there is none.
  Timestamp require();

 private:
  storage::Store& store_;
  const std::function<Clock::time_point()> clock_;
  mutable std::mutex mutex_;
  std::optional<Timestamp> epoch_;
  Clock::time_point looked_at_{};
};

}  // namespace killrvideo
