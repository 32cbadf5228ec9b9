// The search index, as configured.
#pragma once

#include <memory>

#include "app/topology.hpp"
#include "search/active_indexes.hpp"
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

}  // namespace killrvideo
