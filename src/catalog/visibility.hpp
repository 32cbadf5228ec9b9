// When a row becomes visible. On a cluster the rows of one batch become visible partition by
// partition, in no order. So an event may be read before the row that it is about; while nodes are
// down that can take long.
#pragma once

#include "catalog/tables.hpp"
#include "common/clock.hpp"
#include "common/time_limits.hpp"
#include "events/handlers.hpp"
#include "storage/store.hpp"

namespace killrvideo {

/// For handlers of events about new videos, on clusters. Throws RowNotVisible, so that the event is
/// tried again, if the video was added recently and has no row. A missing row of a video that was
/// added long ago, or by a clock that is far ahead, counts as removed.
inline Task<void> require_visible(storage::Store& store, const Context& context, VideoId id,
                                  Timestamp added) {
  const auto row = co_await store.get(context, videos, {id});
  const auto age = now() - added;
  if (!row && age < time_limits::visible_after && age > -time_limits::clock_difference)
    throw RowNotVisible("the row of video " + id.to_string() + " is not there yet");
}

}  // namespace killrvideo
