// Asking the configured search index beside a running server.
#pragma once

#include <string>
#include <vector>

#include "app/config.hpp"
#include "search/weighing.hpp"
#include "storage/store.hpp"

namespace killrvideo {

/// What a search for folded words finds in the video, by the active index; nothing is changed,
/// and the store may be open for reading only. REQUIRES: there are words. Throws Error
/// failed_precondition if no index is active, unavailable if it cannot be asked.
Weighing weigh(const Config& config, storage::Store& store, const std::vector<std::string>& words,
               const VideoId& video);

}  // namespace killrvideo
