// The rules for the content of a video, for calls and imports.
//
// All throw invalid_argument that names `field`. REQUIRES: texts are UTF-8.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "storage/cql.hpp"

namespace killrvideo {

/// The trimmed name.
std::string check_video_name(std::string_view field, std::string_view text);

/// The trimmed description, which may be empty.
std::string check_description(std::string_view field, std::string_view text);

/// The trimmed tags, each once.
storage::TextSet check_tags(std::string_view field, const std::vector<std::string>& tags);

/// Whether a location is that of a YouTube video or of an upload (any other location). A location
/// on YouTube without a video id is neither.
std::int32_t check_location_type(std::string_view field, std::string_view location);

}  // namespace killrvideo
