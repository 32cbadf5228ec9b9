// Durations counted in buckets, for percentiles in constant memory.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>

namespace killrvideo::bench {

/// Each power of two is divided into 64 buckets, so that a percentile is off by 1/64 of its value
/// at most. For one thread.
class LatencyHistogram {
 public:
  void add(std::chrono::nanoseconds latency) {
    ++buckets_[bucket_of(static_cast<std::uint64_t>(latency.count()))];
    ++count_;
  }

  std::uint64_t count() const { return count_; }

  /// The duration that `fraction` (0 to 1) of all are not longer than; zero if there are none.
  std::chrono::nanoseconds percentile(double fraction) const {
    const auto rank = static_cast<std::uint64_t>(std::ceil(fraction * static_cast<double>(count_)));
    std::uint64_t seen = 0;
    for (std::size_t bucket = 0; bucket < buckets_.size(); ++bucket) {
      seen += buckets_[bucket];
      if (seen >= std::max<std::uint64_t>(rank, 1)) return middle_of(bucket);
    }
    return std::chrono::nanoseconds{0};
  }

 private:
  static constexpr int sub_bits = 6;
  static constexpr std::size_t per_power = 1 << sub_bits;

  static std::size_t bucket_of(std::uint64_t value) {
    if (value < per_power) return value;
    const auto shift = static_cast<int>(std::bit_width(value)) - sub_bits - 1;
    return static_cast<std::size_t>(shift) * per_power + (value >> shift);
  }

  static std::chrono::nanoseconds middle_of(std::size_t bucket) {
    if (bucket < 2 * per_power) return std::chrono::nanoseconds(bucket);
    const auto shift = bucket / per_power - 1;
    const auto lowest = (bucket % per_power + per_power) << shift;
    return std::chrono::nanoseconds(lowest + (std::size_t{1} << shift) / 2);
  }

  std::array<std::uint64_t, (64 - sub_bits + 1) * per_power> buckets_{};
  std::uint64_t count_ = 0;
};

}  // namespace killrvideo::bench
