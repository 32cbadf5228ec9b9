// The listing of the latest videos. It has one partition for each day.
#pragma once

#include "catalog/tables.hpp"
#include "common/paging.hpp"
#include "storage/store.hpp"

namespace killrvideo {

/// Lists latest_videos from the newest day to the oldest. Days without videos cost nothing, but for
/// today and yesterday.
Task<PageResult<LatestVideo>> list_latest(storage::Store& store, const Context& context,
                                          PageRequest<std::tuple<Timestamp, VideoId>> request);

/// The position of a row in the listing. Other tools may put a row into any day.
struct LatestPosition {
  std::string day;
  Timestamp added;
  VideoId video;
};

/// At most `size` videos of the listing from a position on (inclusive; nothing: from the newest
/// on). Fewer may be returned even if the state says that more follow.
Task<storage::Slice<LatestVideo>> latest_from(storage::Store& store, const Context& context,
                                              std::optional<LatestPosition> from, std::size_t size);

}  // namespace killrvideo
