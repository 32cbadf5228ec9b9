// What can stand for a YouTube video.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace killrvideo {

/// The video id in `text`: an id of 11 characters, or any usual URL of a video, with or without
/// scheme (watch?v=, youtu.be/, embed/, shorts/, live/, v/). Nothing if it is neither.
std::optional<std::string> youtube_id(std::string_view text);

/// The address of a video's preview image.
std::string youtube_preview(std::string_view id);

}  // namespace killrvideo
