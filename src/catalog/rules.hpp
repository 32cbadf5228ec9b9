// The rules for the content of a video, for calls and imports.
//
// All throw invalid_argument that names `field`. REQUIRES: texts are UTF-8.
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/tables.hpp"
#include "catalog/youtube.hpp"
#include "common/validate.hpp"

namespace killrvideo {

/// The trimmed name.
inline std::string check_video_name(std::string_view field, std::string_view text) {
  return check_text(field, text, {1, 255});
}

/// The trimmed description, which may be empty.
inline std::string check_description(std::string_view field, std::string_view text) {
  return check_text(field, text, {0, 10'000});
}

/// The trimmed tags, each once.
inline storage::TextSet check_tags(std::string_view field, const std::vector<std::string>& tags) {
  constexpr std::size_t most_tags = 50;
  if (tags.size() > most_tags)
    throw invalid(std::string(field), fmt::format("at most {} tags are allowed, {} were given",
                                                  most_tags, tags.size()));
  storage::TextSet checked;
  for (std::size_t i = 0; i < tags.size(); ++i)
    checked.insert(check_text(fmt::format("{}[{}]", field, i), tags[i], {1, 50}));
  return checked;
}

/// Whether a location is that of a YouTube video or of an upload (any other location). A location
/// on YouTube without a video id is neither.
inline std::int32_t check_location_type(std::string_view field, std::string_view location) {
  if (youtube_id(location)) return location_youtube;
  if (is_on_youtube(location))
    throw invalid(std::string(field), "is an address on YouTube that holds no video id");
  return location_upload;
}

}  // namespace killrvideo
