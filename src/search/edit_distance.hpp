// How far words are from one that was typed: letters more, less, others, or two exchanged.
#pragma once

#include <utf8proc.h>

#include <cstddef>
#include <string_view>
#include <vector>

namespace killrvideo {

// Walks through sorted words with one row of the edit distance's table for each letter of the
// current one. Rows of the letters that a word shares with the one before are kept, and when no
// continuation of a beginning can be near enough, all words with that beginning are skipped.
class EditWalk {
 public:
  explicit EditWalk(std::string_view wanted);

  struct Step {
    std::size_t distance = 0;  // of the whole word; above `most` if `dead` is not 0
    std::size_t dead = 0;      // so many bytes at the word's beginning are too far from anything
  };

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
