// Building the search index anew, by command or after rows were written without events.
#pragma once

#include "app/config.hpp"
#include "search/indexer.hpp"
#include "storage/store.hpp"

namespace killrvideo {

/// Routes of the admin socket, see Application: what a running server builds anew itself.
inline constexpr const char* reindex_path = "/reindex";
inline constexpr const char* reindex_recommendations_path = "/reindex-recommendations";

/// Builds the search index of the configured data directory from `store`, in this thread. REQUIRES:
/// no server is running on the directory.
void build_search_index(storage::Store& store, const Config& config,
                        const Indexer::Listener& listener);

}  // namespace killrvideo
