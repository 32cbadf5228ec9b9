// What a search looks for: each word and its weight, fixed by the first page.
//
// A hit's weight is the sum over its words of how rare the word is, times its impact in the video.
// Nothing of this changes with what is added later, and all factors are multiples of powers of two
// that fit a double without rounding, so a video has exactly the same weight on every page, in
// whatever order Xapian adds, and also after the index was rebuilt.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace killrvideo {

struct PlannedWord {
  std::string word;
  std::uint16_t rarity = 0;           ///< inverse document frequency in 1/1024
  std::uint8_t downweight_shift = 0;  ///< the weight is halved so often; 0 for words as typed

  // Where it comes from, which the opaque form of a plan does not have.
  std::string typed{};       ///< the word of the query that it is or, being near, stands for
  std::uint64_t videos = 0;  ///< how many have it
};

using Plan = std::vector<PlannedWord>;

/// What a plan has to know of an index.
struct Vocabulary {
  std::uint64_t videos = 0;
  /// In how many videos a word is.
  std::function<std::uint64_t(const std::string& word)> frequency;
  /// The known words at the least edit distance from a word that any has, if it is at most `most`.
  std::function<std::vector<std::string>(const std::string& word, std::size_t most)> nearest;
};

/// For so many words of a query near ones are looked for: noise matches nothing.
inline constexpr std::size_t most_corrected = 8;

/// Looks the words up, each of which is there once, and near ones in place of those that are
/// nowhere. Empty: nothing matches.
Plan make_plan(const Vocabulary& vocabulary, const std::vector<std::string>& words);

/// By how much the word's impacts are multiplied.
double weight_of(const PlannedWord& planned);

/// The opaque form of a plan. Throws Error invalid_argument on paging_state if it is none.
std::string encode(const Plan& plan);
Plan decode_plan(std::string_view bytes);

}  // namespace killrvideo
