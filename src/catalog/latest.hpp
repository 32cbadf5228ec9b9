// The listing of the latest videos, which runs through one partition a day.
#pragma once

#include "catalog/tables.hpp"
#include "common/paging.hpp"

namespace killrvideo {

/// Lists latest_videos from the newest day to the oldest. Days without videos cost nothing, however
/// many there are in a row.
Task<PageResult<LatestVideo>> list_latest(storage::Store& store, const Context& context,
                                          PageRequest<std::tuple<Timestamp, VideoId>> request);

}  // namespace killrvideo
