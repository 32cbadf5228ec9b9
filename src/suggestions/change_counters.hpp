// Tells whether what a cached page was made of has changed since.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>

#include "common/uuid.hpp"

namespace killrvideo {

/// Counts the changes that this process makes, so it is useful only where no other one makes any.
/// Any thread.
class ChangeCounters {
 public:
  /// Called when a video's list or a user's likes have changed, after readers can see it.
  void changed(const Uuid& id) { slots_[slot_of(id)].fetch_add(1, std::memory_order_release); }
  /// Called when everything may have changed.
  void all_changed() { all_.fetch_add(std::uint64_t{1} << 40, std::memory_order_release); }

  /// If this is the same before and after, nothing of this id has changed in between. That holds
  /// for sums over several ids, too, as counters never decrease.
  std::uint64_t of(const Uuid& id) const {
    return all_.load(std::memory_order_acquire) +
           slots_[slot_of(id)].load(std::memory_order_acquire);
  }

 private:
  static constexpr std::size_t count = 1 << 15;

  // Ids that share a slot seem to change together, which does no harm.
  static std::size_t slot_of(const Uuid& id) { return UuidHash{}(id) % count; }

  std::atomic<std::uint64_t> all_{0};
  std::array<std::atomic<std::uint64_t>, count> slots_{};
};

}  // namespace killrvideo
