#include "common/edit_distance.hpp"

#include <algorithm>

namespace killrvideo {

// What is no UTF-8, as in a damaged index, ends the word.
void EditWalk::split(std::string_view word, std::vector<Letter>& letters) {
  letters.clear();
  std::size_t at = 0;
  while (at < word.size()) {
    utf8proc_int32_t code_point = -1;
    const auto length =
        utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(word.data() + at),
                         static_cast<utf8proc_ssize_t>(word.size() - at), &code_point);
    if (length < 1) return;
    at += static_cast<std::size_t>(length);
    letters.push_back({code_point, at});
  }
}

EditWalk::EditWalk(std::string_view wanted) {
  split(wanted, wanted_);
  rows_.emplace_back(wanted_.size() + 1);
  for (std::size_t i = 0; i <= wanted_.size(); ++i) rows_[0][i] = i;
}

EditWalk::Step EditWalk::step(std::string_view word, std::size_t most) {
  split(word, letters_);
  const auto shared = static_cast<std::size_t>(
      std::ranges::mismatch(letters_, previous_, {}, &Letter::code_point, &Letter::code_point).in1 -
      letters_.begin());
  rows_.resize(std::min(rows_.size(), shared + 1));
  previous_ = letters_;
  while (rows_.size() <= letters_.size()) {
    const auto row = rows_.size();
    add_row();
    if (std::ranges::min(rows_.back()) > most) return {most + 1, letters_[row - 1].end};
  }
  return {rows_.back().back()};
}

void EditWalk::add_row() {
  const auto i = rows_.size();
  const auto& above = rows_[i - 1];
  std::vector<std::size_t> row(wanted_.size() + 1);
  row[0] = i;
  for (std::size_t j = 1; j < row.size(); ++j) {
    const bool same = letter(i) == wanted(j);
    row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + (same ? 0u : 1u)});
    if (i > 1 && j > 1 && letter(i) == wanted(j - 1) && letter(i - 1) == wanted(j))
      row[j] = std::min(row[j], rows_[i - 2][j - 2] + 1);
  }
  rows_.push_back(std::move(row));
}

}  // namespace killrvideo
