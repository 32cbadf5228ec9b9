// The search index, as configured.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "app/topology.hpp"
#include "common/progress.hpp"
#include "search/active_indexes.hpp"
#include "search/explain.hpp"
#include "search/index.hpp"

namespace killrvideo {

/// Throws Error invalid_argument that names the setting if the password is missing or a file cannot
/// be used.
void check_search(const SearchConfig& config);

/// With the password of its file. Throws as check_search() does.
opensearch::Options opensearch_options(const SearchConfig& config);

/// Does not wait for a server. Throws as check_search() does.
std::unique_ptr<SearchIndex> make_search_index(const Config& config);

/// The kind of this deployment's index.
std::string_view index_kind(const Topology& topology);

/// Which indexes of the configured kind are active on `store`, which outlives it.
ActiveIndexes make_active_indexes(storage::Store& store, const Config& config);

/// Lists the days of the latest videos and builds the configured index from `store`, in this
/// thread. REQUIRES: no server is running on the data directory.
void build_search_index(storage::Store& store, const Config& config,
                        const ProgressListener& progress);

/// What a search for folded words finds in the video, by the active index; nothing is changed,
/// and the store may be open for reading only. REQUIRES: there are words. Throws Error
/// failed_precondition if no index is active, unavailable if it cannot be asked.
Weighing weigh(const Config& config, storage::Store& store, const std::vector<std::string>& words,
               const VideoId& video);

}  // namespace killrvideo
