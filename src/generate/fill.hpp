// Writes a synthetic world into a store.
#pragma once

#include "common/progress.hpp"
#include "generate/world.hpp"
#include "storage/store.hpp"

namespace killrvideo::generate {

/// Writes all rows that the services would have written, without events. Counters become those of
/// the world, so that the same world can be written again. REQUIRES: nobody else writes to the
/// store. `in_flight`: see storage::BulkWriter. `progress` is told of each kind of rows, at last
/// with done == total.
void fill(storage::Store& store, const World& world, std::size_t in_flight,
          const ProgressListener& progress);

}  // namespace killrvideo::generate
