// Counting what is under way at a time (requests in flight, passwords that wait), to limit it.
#pragma once

#include <atomic>
#include <concepts>

namespace killrvideo {

/// Counts one more while it lives. Any number of threads may take slots of one counter.
template <std::integral Count>
class Slot {
 public:
  explicit Slot(std::atomic<Count>& taken)
      : taken_(taken), before_(taken.fetch_add(1, std::memory_order_relaxed)) {}
  Slot(const Slot&) = delete;
  Slot& operator=(const Slot&) = delete;
  ~Slot() { taken_.fetch_sub(1, std::memory_order_relaxed); }

  /// How many were taken before this one. Whoever finds the limit reached refuses, and gives the
  /// slot back.
  Count before() const { return before_; }

 private:
  std::atomic<Count>& taken_;
  const Count before_;
};

}  // namespace killrvideo
