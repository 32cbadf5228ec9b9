// Ids and URLs of YouTube videos.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace killrvideo {

/// The video id in `text`: an id of 11 characters, or any URL of a video that a person can copy
/// from a browser, an app or an old page. White space and zero-width characters around it are
/// ignored. Nothing if it is neither. Calls and imports decide by this alone; the forms are a table
/// in tests/unit/catalog/youtube_test.cpp.
std::optional<std::string> youtube_id(std::string_view text);

/// Whether `text` is a URL on one of YouTube's hosts, with or without a video id.
bool is_on_youtube(std::string_view text);

/// The address of a video's preview image.
std::string youtube_preview(std::string_view id);

}  // namespace killrvideo
