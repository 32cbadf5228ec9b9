// Rows that appear late. What one batch writes appears on a cluster partition by partition, in no
// order: an event may be read before the row that it tells of, for as long as nodes are away.
#pragma once

#include "catalog/tables.hpp"
#include "events/handlers.hpp"
#include "storage/store.hpp"

namespace killrvideo {

/// For handlers of events of new videos, on stores that are clusters. Throws RowIsLate, so that the
/// event comes again, if the video's row is not there although it was added lately; one that was
/// added long ago, or by a clock that is far ahead, is taken for removed.
Task<void> require_row(storage::Store& store, const Context& context, VideoId id, Timestamp added);

}  // namespace killrvideo
