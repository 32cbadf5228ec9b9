// Asking an index in OpenSearch without taking part in its upkeep, as opensearch::Index does.
#pragma once

#include <string>
#include <vector>

#include "search/opensearch/options.hpp"
#include "search/weighing.hpp"

namespace killrvideo::opensearch {

/// What a search for folded words finds in the video, by the index in use. Throws Error as Client
/// and Questions do.
Weighing weigh(const Options& options, const std::vector<std::string>& words, const VideoId& video);

}  // namespace killrvideo::opensearch
