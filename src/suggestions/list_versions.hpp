// Tells whether what suggestions for users are made of has changed since they were made.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>

#include "common/uuid.hpp"

namespace killrvideo {

/// Knows the changes that this process makes, so it is of use only where no other one makes any.
/// All of it may be used by any thread.
class ListVersions {
 public:
  /// Told when a video's list or a user's likes have changed, after readers can see it.
  void changed(const Uuid& id) { slots_[slot_of(id)].fetch_add(1, std::memory_order_release); }
  /// Told when everything may have changed.
  void all_changed() { epoch_.fetch_add(std::uint64_t{1} << 40, std::memory_order_release); }

  /// A number that, taken before and after, is the same only if nothing has changed of what has
  /// this id. Sums of them tell the same of several ids, as they never get less.
  std::uint64_t of(const Uuid& id) const {
    return epoch_.load(std::memory_order_acquire) +
           slots_[slot_of(id)].load(std::memory_order_acquire);
  }

 private:
  static constexpr std::size_t count = 1 << 15;

  // Those that share a slot seem to change together, which does no harm.
  static std::size_t slot_of(const Uuid& id) { return UuidHash{}(id) % count; }

  std::atomic<std::uint64_t> epoch_{0};
  std::array<std::atomic<std::uint64_t>, count> slots_{};
};

}  // namespace killrvideo
