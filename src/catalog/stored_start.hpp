// Starting points of listings by date whose time is the first or the last that interfaces can
// express. Such a time stands for all stored times beyond it (common/clock.hpp).
#pragma once

#include "catalog/tables.hpp"
#include "common/clock.hpp"
#include "common/expects.hpp"

namespace killrvideo {

/// Whether a time from a client is a limit of clamp_time(), and so may stand for several stored
/// times.
inline bool may_be_clamped(Timestamp clamped) {
  return clamped == earliest_time || clamped == latest_time;
}

/// The stored time of the video in a partition (newest first), among the rows whose clamped
/// time this is; nothing if it is not among them. REQUIRES: may_be_clamped(clamped).
template <storage::AnyTable T>
Task<std::optional<Timestamp>> stored_time(storage::Store& store, const Context& context,
                                           const T& table, typename T::PartitionTuple partition,
                                           Timestamp clamped, VideoId video) {
  expects(may_be_clamped(clamped), "the time is a limit of clamp_time()");
  storage::SliceQuery<std::tuple<Timestamp>> wanted{.size = 100};
  if (clamped == earliest_time) wanted.from = std::tuple(clamped);
  do {
    const auto page = co_await store.slice(context, table, partition, wanted);
    for (const auto& row : page.rows) {
      if (clamp_time(row.added_date) != clamped) co_return std::nullopt;
      if (row.videoid == video) co_return row.added_date;
    }
    wanted.state = page.state;
  } while (!wanted.state.empty());
  co_return std::nullopt;
}

}  // namespace killrvideo
