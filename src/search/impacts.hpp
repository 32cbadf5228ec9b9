// What a word counts in a video: the part of a hit's weight that can be taken when it is indexed.
//
// A word's impact in a video is the sum over name, tags and description of the boost, 4, 2 or 1,
// and of what the word counts there (frequency_factor). It can be taken when the video is indexed,
// since how rare a word is, by which it is multiplied (search/plan.hpp), is the same for all
// fields. So there need not be a list of postings for each field. There are two, because the videos
// that have a word in the name are usually the best ones, and when enough of them are found the
// other list, which is the longer one, is not read any further.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "search/index.hpp"

namespace killrvideo {

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
  std::string_view name;  ///< in terms or fields of indexes
  double unit;            ///< of impacts: in 1/256, so that sums of weights are exact
};
/// Impacts are clamped to this so that they fit a byte. Each tier's unit is as small as its impacts
/// allow, so that rounding them changes the order of as few videos as possible.
inline constexpr std::uint32_t most_units = 255;
inline constexpr Tier in_name{"N", 11.0 / 256};
inline constexpr Tier other_fields{"R", 1.0 / 64};
inline constexpr std::array<Tier, 2> tiers{in_name, other_fields};

/// Bounds of all impacts: of a word that is in a long description once, and of the first tier.
inline constexpr double least_impact = 0.6;
inline constexpr double most_impact = most_units * in_name.unit;

/// A word's impact in a video, and the tier whose units it is in.
struct WordImpact {
  const Tier* tier = nullptr;
  std::uint32_t units = 0;
};

/// Of each word of the video, which owns the words. Throws Error internal if one is longer than any
/// of words_of().
std::unordered_map<std::string_view, WordImpact> impacts_of(const IndexedVideo& video);

/// What one field adds to a word's impact.
struct FieldImpact {
  std::string_view field;  ///< the column
  double boost = 0;
  std::size_t count = 0;   ///< how often the word is in the field
  std::size_t length = 0;  ///< of the field, in words
  double factor = 0;       ///< frequency_factor() of these

  double impact() const { return boost * factor; }
};

/// Of the fields that have the word. Their sum, in units of the word's tier and rounded, is the
/// impact in impacts_of().
std::vector<FieldImpact> field_impacts_of(const IndexedVideo& video, std::string_view word);

}  // namespace killrvideo
