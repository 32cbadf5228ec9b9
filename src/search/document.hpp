// What is indexed of a video.
#pragma once

#include <span>
#include <string>

#include "catalog/tables.hpp"
#include "search/index.hpp"

namespace killrvideo {

IndexedVideo indexed(const Video& video);

/// The fingerprint in indexed(), alone: equal for rows that are indexed alike.
std::uint64_t fingerprint_of(const Video& video);

/// Whether any of these folded words is in the video's name, tags or description.
bool has_any_word(const Video& video, std::span<const std::string> words);

/// Whether they have this word for completions.
bool has_completion(const Video& video, const CompletionWord& word);

}  // namespace killrvideo
