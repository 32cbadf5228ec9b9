// How a video is a document of Xapian.
//
//   terms     N and a word: it is in the name. R and a word: it is not, but in a tag or the
//             description. The term's within-document frequency is not a count but the word's
//             impact in the video, in units of the tier (see tiers). Q and the 16 bytes of the id:
//             exactly this video.
//   value 0   the id and the fingerprint (16 and 8 bytes)
//   metadata  "format": the number of this format. Another number makes an index useless.
//
// Impacts and tiers are those of search/impacts.hpp.
#pragma once

#include <xapian.h>

#include <string>
#include <string_view>

#include "search/impacts.hpp"

namespace killrvideo::xapian_engine {

inline constexpr std::string_view format_name = "format";
inline constexpr std::string_view format_number = "2";

inline constexpr Xapian::valueno entry_slot = 0;

std::string word_term(const Tier& tier, std::string_view word);
/// In how many videos the word is.
Xapian::doccount frequency(const Xapian::Database& database, std::string_view word);

std::string id_term(const VideoId& id);

/// Throws Error internal if a word is longer than any of words_of().
Xapian::Document document_of(const IndexedVideo& video);

/// The entry that a document is of. Throws Xapian::DatabaseCorruptError if it is of none.
IndexEntry entry_of(const Xapian::Document& document);

/// The number of the video's document; 0 if it has none.
Xapian::docid number_of(const Xapian::Database& database, const VideoId& id);

}  // namespace killrvideo::xapian_engine
