// How a video is a document of Xapian.
//
//   terms     N and a word: it is in the name. R and a word: it is not, but in a tag or the
//             description. The term's within-document frequency is not a count but the word's
//             impact in the video, in units of the tier (see tiers). Q and the 16 bytes of the id:
//             exactly this video.
//   value 0   the id and the fingerprint (16 and 8 bytes)
//   metadata  "format": the number of this format. Another number makes an index useless.
//
// A word's impact in a video is the sum over name, tags and description of the boost, 4, 2 or 1,
// and of what the word counts there (frequency_factor). It can be taken when the video is indexed,
// since how rare a word is, by which it is multiplied, is the same for all fields. So there need
// not be a list of postings for each field. There are two, because the videos that have a word in
// the name are usually the best ones, and when enough of them are found the other list, which is
// the longer one, is not read any further.
#pragma once

#include <xapian.h>

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include "search/index.hpp"

namespace killrvideo::xapian_engine {

inline constexpr std::string_view format_name = "format";
inline constexpr std::string_view format_number = "2";

inline constexpr Xapian::valueno entry_slot = 0;

/// What a word counts in a text: BM25's
///
///   count * (k1 + 1) / (count + k1 * (1 - b + b * length / usual)),
///
/// if it is there `count` times among `length` words where `usual` words are usual. The usual
/// lengths are constants and no averages of what is indexed, so that a video's weight never changes
/// with others, which is what pages that continue each other need. Lengths of more than four times
/// the usual one count as that: a match in a name is worth more than one in a tag however long the
/// name is.
double frequency_factor(std::size_t count, std::size_t length, double usual);

/// Videos that have a word, divided by where they have it.
struct Tier {
  std::string_view prefix;  ///< of the terms
  double unit;              ///< of impacts: in 1/256, so that sums of weights are exact
};
/// The upper bound of impacts, which so fit a byte (kept_postings.hpp); above it they are cut. Each
/// tier's unit is as small as its impacts allow, so that rounding them changes the order of as few
/// videos as possible.
inline constexpr Xapian::termcount most_units = 255;
inline constexpr Tier in_name{"N", 11.0 / 256};
inline constexpr Tier elsewhere{"R", 1.0 / 64};
inline constexpr std::array<Tier, 2> tiers{in_name, elsewhere};

/// Bounds of all impacts: of a word that is in a long description once, and of the first tier.
inline constexpr double least_impact = 0.6;
inline constexpr double most_impact = most_units * in_name.unit;

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
