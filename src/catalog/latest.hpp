// The listing of the latest videos, which runs through one partition a day.
#pragma once

#include "catalog/tables.hpp"
#include "common/paging.hpp"
#include "storage/store.hpp"

namespace killrvideo {

/// Lists latest_videos from the newest day to the oldest. Days without videos cost nothing, however
/// many there are in a row.
Task<PageResult<LatestVideo>> list_latest(storage::Store& store, const Context& context,
                                          PageRequest<std::tuple<Timestamp, VideoId>> request);

/// Where a row stands in the listing, whatever other tools have put into which day.
struct LatestPlace {
  std::string day;
  Timestamp added;
  VideoId video;
};

/// At most `size` videos of the listing from this place on (inclusive; nothing: from the newest
/// on). Fewer may be returned though the state says that others follow.
Task<storage::Slice<LatestVideo>> latest_from(storage::Store& store, const Context& context,
                                              std::optional<LatestPlace> from, std::size_t size);

}  // namespace killrvideo
