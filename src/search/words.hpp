// What a word is: the analysis that texts and queries go through alike, whatever engine searches.
//
// Upper and lower case, accents and compatibility forms (ﬁ, full width) make no difference; words
// are runs of letters and digits. Han characters and Hiragana, which are written without spaces,
// are words by themselves. There is no stemming: a word is found as it is spelt, or nearly so.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace killrvideo {

/// Longer words are known by their beginning: so many letters, with their marks (the vowels of
/// Indian scripts, for one), or so many bytes, which marks can make the shorter of the two.
inline constexpr std::size_t most_letters = 60;
inline constexpr std::size_t most_word_bytes = 4 * most_letters;

/// The words of `text` in their order, repeated ones too, each folded: at least one letter, at most
/// most_letters letters and most_word_bytes bytes, marks included. REQUIRES: is_utf8(text).
std::vector<std::string> words_of(std::string_view text);

/// Whether a folded word is one of the most frequent English ones, which tell nothing of a video.
bool is_stop_word(std::string_view word);

/// The edit distance within which a word counts as a misspelling of another: 1 for words of up to 5
/// letters, 2 for longer ones, and less than the word has letters.
std::size_t misspelling_distance(std::string_view word);

}  // namespace killrvideo
