// The edit distance of words from one that was typed (Damerau-Levenshtein): letters inserted,
// deleted or replaced, or two neighbours exchanged.
#pragma once

#include <utf8proc.h>

#include <cstddef>
#include <string_view>
#include <vector>

namespace killrvideo {

/// Walks through words, best in sorted order, with one row of the distance's table for each letter
/// of the current word. The rows of letters that it shares with the word before are kept, and when
/// no continuation of a beginning can be near enough, all words with that beginning can be skipped.
class EditWalk {
 public:
  explicit EditWalk(std::string_view wanted);

  struct Step {
    std::size_t distance = 0;  ///< of the whole word; above `most` if `dead` is not 0
    std::size_t dead = 0;      ///< no word that begins with these bytes is within `most`
  };

  /// The distance of the next word.
  Step step(std::string_view word, std::size_t most);

 private:
  struct Letter {
    utf8proc_int32_t code_point;
    std::size_t end;  // of its bytes in the word
  };

  static void split(std::string_view word, std::vector<Letter>& letters);
  void add_row();
  utf8proc_int32_t letter(std::size_t i) const { return letters_[i - 1].code_point; }
  utf8proc_int32_t wanted(std::size_t j) const { return wanted_[j - 1].code_point; }

  std::vector<Letter> wanted_;
  std::vector<Letter> letters_;
  std::vector<Letter> previous_;
  std::vector<std::vector<std::size_t>> rows_;
};

}  // namespace killrvideo
