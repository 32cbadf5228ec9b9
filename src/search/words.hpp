// What a word is: the analysis that texts and queries go through alike, whatever engine searches.
//
// Upper and lower case, accents, compatibility forms (ﬁ, full width) and invisible characters make
// no difference; words are runs of letters and digits. Han characters and Hiragana, which are
// written without spaces, are words by themselves. There is no stemming: a word is found as it is
// spelt, or nearly so.
//
// For completions words are cut in another way, and keep their spelling: an apostrophe between two
// letters joins them (don't, o'connor).
#pragma once

#include <compare>
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

/// Words for completions are known by so many bytes, in either form.
inline constexpr std::size_t most_completion_bytes = 120;

/// A word that completes what is typed. Ordered as they are listed.
struct CompletionWord {
  std::string folded;    ///< in which it is looked for, with its apostrophes
  std::string spelling;  ///< in which it is shown: see spelled()

  auto operator<=>(const CompletionWord&) const = default;
};

/// The words of `text` for completions, repeated ones too; without stop words. What follows an
/// apostrophe in a word is a word besides if it has three letters or more (l'avion, avion).
/// REQUIRES: is_utf8(text).
std::vector<CompletionWord> completion_words_of(std::string_view text);

/// The folded form of the last word of `text`, cut as for completions; empty if it has none.
/// REQUIRES: is_utf8(text).
std::string last_word_of(std::string_view text);

/// A word for completions as indexes have it: the bytes are in the order of the words, and those
/// whose folded form goes on after a beginning come after after_word(beginning).
std::string key_of(const CompletionWord& word);
CompletionWord completion_word_in(std::string_view key);
std::string after_word(std::string_view beginning);

/// Whether a word is one of the most frequent English ones, which tell nothing of a video.
bool is_stop_word(std::string_view word);

/// The edit distance within which a word counts as a misspelling of another: 1 for words of up to 5
/// letters, 2 for longer ones, and less than the word has letters.
std::size_t misspelling_distance(std::string_view word);

}  // namespace killrvideo
