// Rebuilding what is made from the store, for the commands that write in bulk.
#pragma once

#include "app/config.hpp"
#include "cli/progress.hpp"
#include "storage/store.hpp"

namespace killrvideo::cli {

/// How many batches such a command keeps on their way to the store at a time.
std::size_t batches_in_flight(const Config& config);

/// Says that no index and no recommendations have what is written from now on, so that they are
/// made even if the command is cut off before end_bulk_write(): for commands that write videos
/// without events.
void begin_bulk_write(storage::Store& store);

/// Does what events would have done for all that was written: rebuilds the index as reindex() does
/// (where several processes share the store, each running one rebuilds its own within seconds,
/// others at their start), rebuilds the recommendations and compacts the store.
void end_bulk_write(const Config& config, storage::Store& store, Progress& progress);

/// Rebuilds the search index of the configured data directory: the server that runs on it does so,
/// if there is one, else this process from `store`. Throws Exit or Error if it fails.
void reindex(const Config& config, storage::Store& store, Progress& progress);

}  // namespace killrvideo::cli
