// Building anew what is made from the store, for the commands that write in bulk.
#pragma once

#include "app/config.hpp"
#include "cli/progress.hpp"
#include "storage/store.hpp"

namespace killrvideo::cli {

/// How many batches such a command keeps on their way to the store at a time.
std::size_t batches_in_flight(const Config& config);

/// Says that no index and no recommendations have what is written from now on, so that they are
/// made even if the command is cut off before end_writing_videos(): for commands that write videos
/// without events.
void begin_writing_videos(storage::Store& store);

/// Does what events would have done, for all that was written at once: has every index built anew,
/// as reindex() does, and where several processes share the store each of them that runs does it
/// within seconds, others at their start; makes the recommendations; compacts the store.
void end_writing_videos(const Config& config, storage::Store& store, Progress& progress);

/// Builds the search index of the configured data directory anew: the server that runs on it does,
/// if there is one, else this process, from `store`. Throws Exit or Error if it fails.
void reindex(const Config& config, storage::Store& store, Progress& progress);

}  // namespace killrvideo::cli
