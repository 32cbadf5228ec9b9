// Asking an index that another process may have in use, and change meanwhile.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "search/explain.hpp"

namespace killrvideo::xapian_engine {

/// What a search for folded words finds in the video, by the index in this directory, which is only
/// read. Throws Error failed_precondition if there is none of this format, unavailable if it cannot
/// be read, or is changed too quickly for that.
Weighing weigh(const std::filesystem::path& directory, const std::vector<std::string>& words,
               const VideoId& video);

}  // namespace killrvideo::xapian_engine
