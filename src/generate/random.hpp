// Random draws that are the same on every platform, unlike those of the standard's distributions.
#pragma once

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <vector>

#include "common/expects.hpp"
#include "common/uuid.hpp"

namespace killrvideo::generate {

/// What a stream of random numbers is for: each thing that is generated has a stream of its own, so
/// that it can be made again without those before it.
enum class Purpose : std::uint64_t {
  popularity,
  counts,
  user,
  video,
  details,
  date,
  comments,
  ratings
};

/// A splitmix64 generator. The small bias of `below` (less than 2^-20 for bounds up to 2^44) does
/// not matter here.
class Random {
 public:
  Random(std::uint64_t seed, Purpose purpose, std::uint64_t index = 0)
      : state_(mix(mix(mix(seed) + static_cast<std::uint64_t>(purpose)) + index)) {}

  std::uint64_t next() { return mix(state_ += golden_ratio); }

  /// A number in [0, bound). REQUIRES: bound > 0.
  std::uint64_t below(std::uint64_t bound) {
    expects(bound > 0, "the bound is positive");
    return next() % bound;
  }

  bool one_in(std::uint64_t chances) { return below(chances) == 0; }

  template <class List>
  const auto& pick(const List& list) {
    return list[below(std::size(list))];
  }

  /// A version 4 UUID.
  Uuid uuid() {
    Uuid id;
    for (std::size_t half = 0; half < 2; ++half) {
      const auto bits = next();
      for (std::size_t i = 0; i < 8; ++i)
        id.bytes[half * 8 + i] = static_cast<std::uint8_t>(bits >> (8 * i));
    }
    id.bytes[6] = static_cast<std::uint8_t>((id.bytes[6] & 0x0F) | 0x40);
    id.bytes[8] = static_cast<std::uint8_t>((id.bytes[8] & 0x3F) | 0x80);
    return id;
  }

 private:
  static constexpr std::uint64_t golden_ratio = 0x9E3779B97F4A7C15;

  static constexpr std::uint64_t mix(std::uint64_t z) {
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
    return z ^ (z >> 31);
  }

  std::uint64_t state_;
};

/// Ranks of which a few are drawn often and most seldom: rank r has a weight of 1 / (r + flatness).
/// All arithmetic is of integers, so that every platform draws the same.
class Zipf {
 public:
  /// REQUIRES: flatness > 0.
  Zipf(std::size_t ranks, std::uint64_t flatness) {
    expects(flatness > 0, "the flatness is positive");
    cumulative_.reserve(ranks);
    std::uint64_t sum = 0;
    for (std::size_t rank = 0; rank < ranks; ++rank)
      cumulative_.push_back(sum += unit / (rank + flatness));
  }

  /// REQUIRES: there is a rank.
  std::size_t draw(Random& random) const {
    expects(!cumulative_.empty(), "there is a rank");
    const auto at = std::ranges::upper_bound(cumulative_, random.below(cumulative_.back()));
    return static_cast<std::size_t>(at - cumulative_.begin());
  }

  std::size_t size() const { return cumulative_.size(); }

 private:
  static constexpr std::uint64_t unit = std::uint64_t{1} << 36;

  std::vector<std::uint64_t> cumulative_;
};

}  // namespace killrvideo::generate
