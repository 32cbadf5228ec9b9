// How far a partition's records have been handled. Records are not handled in their order.
#pragma once

#include <cstdint>
#include <optional>
#include <set>

#include "common/expects.hpp"

namespace killrvideo::kafka {

class Offsets {
 public:
  /// Call when a record was taken. REQUIRES: offsets ascend.
  void take(std::int64_t offset) {
    expects(!next_ || offset >= *next_, "offsets ascend");
    pending_.insert(offset);
    next_ = offset + 1;
  }

  /// Call when a record that was taken has been handled.
  void settle(std::int64_t offset) { pending_.erase(offset); }

  /// Everything before this offset has been handled; nothing if no record was ever taken.
  std::optional<std::int64_t> position() const {
    return pending_.empty() ? next_ : std::optional(*pending_.begin());
  }

 private:
  std::set<std::int64_t> pending_;
  std::optional<std::int64_t> next_;
};

}  // namespace killrvideo::kafka
