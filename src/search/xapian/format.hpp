// How a video is a document of Xapian.
//
//   terms     N and a word: it is in the name. R and a word: it is not, but in a tag or the
//             description. The term's within-document frequency is not a count but the word's
//             impact in the video, in units of the tier (see tiers).
//             Most words are completions as they are. X and a word: this one is not, in this video,
//             since it only stands there in another spelling. C and the key of a word for
//             completions (key_of): it is one that is spelt otherwise than any word.
//             Q and the 16 bytes of the id: exactly this video.
//   value 0   the id, the fingerprint and the date (16, 8 and 8 bytes)
//   metadata  "format": the number of this format. Another number makes an index useless.
//
// Impacts and tiers are those of search/impacts.hpp.
#pragma once

#include <xapian.h>

#include <optional>
#include <string>
#include <string_view>

#include "search/impacts.hpp"

namespace killrvideo::xapian_engine {

inline constexpr std::string_view format_name = "format";
inline constexpr std::string_view format_number = "3";

inline constexpr Xapian::valueno entry_slot = 0;

std::string word_term(const Tier& tier, std::string_view word);
/// In how many videos the word is.
Xapian::doccount frequency(const Xapian::Database& database, std::string_view word);

/// Of a word that is no completion as it is.
std::string hidden_term(std::string_view word);

inline constexpr std::string_view completion_prefix = "C";
std::string completion_term(const CompletionWord& word);

std::string id_term(const VideoId& id);

/// Throws Error internal if a word is longer than any of words_of().
Xapian::Document document_of(const IndexedVideo& video);

/// The entry that a document is of. Throws Xapian::DatabaseCorruptError if it is of none.
IndexEntry entry_of(const Xapian::Document& document);

/// The number of the video's document; 0 if it has none.
Xapian::docid number_of(const Xapian::Database& database, const VideoId& id);
/// What the database has of the video, if it has it.
std::optional<IndexEntry> find_entry(const Xapian::Database& database, const VideoId& id);

}  // namespace killrvideo::xapian_engine
