// Doing what must not happen while events are delivered.
#pragma once

#include <functional>

#include "common/progress.hpp"
#include "storage/store.hpp"

namespace killrvideo {

/// Does `work`, which changes the rows that handlers of events change, while no process delivers
/// any: on a shared store it holds the relays' lease meanwhile. `work` gets what it has to tell of
/// its progress, which throws if the lease is lost. Waits some seconds for the lease; throws
/// failed_precondition if another process holds it then. Blocks. REQUIRES: this process delivers no
/// events.
void while_nobody_delivers(storage::Store& store, const ProgressListener& progress,
                           const std::function<void(const ProgressListener&)>& work);

}  // namespace killrvideo
