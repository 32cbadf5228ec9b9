// Rebuilding all suggestions, in bulk.
#pragma once

#include "common/progress.hpp"
#include "storage/store.hpp"
#include "suggestions/rebuild_epoch.hpp"
#include "tags/tag_index.hpp"

namespace killrvideo {

struct RebuildOptions {
  std::size_t in_flight = 8;  ///< as for BulkWriter
  bool shared_store = false;  ///< waits until no other process relies on the epoch
};

/// Makes likes, scores and lists what the ratings in the store say, and videos_by_tag and the lists
/// of tags what the videos say; except for the rows of videos_by_tag, writes what differs only. The
/// result is what the ratings' and videos' events would have led to. Takes some 100 bytes of memory
/// a rating. Blocks; what `progress` throws ends it, and then a rebuild is still needed. REQUIRES:
/// no Recommender of this process runs, see Recommender::exclusively; nobody but `tags` changes the
/// lists of tags.
void rebuild_suggestions(storage::Store& store, TagIndex& tags, const RebuildOptions& options,
                         const ProgressListener& progress);

/// Whether there has to be a rebuild: there has never been one, it was cut off, so that what it has
/// written does not fit the rest, or somebody asked for one. A store that has nothing yet needs
/// none: its first epoch begins with this call.
bool rebuild_is_needed(storage::Store& store);

}  // namespace killrvideo
