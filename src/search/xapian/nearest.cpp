#include "search/xapian/nearest.hpp"

#include <utf8proc.h>

#include <algorithm>
#include <set>

#include "search/xapian/format.hpp"

namespace killrvideo::xapian_engine {
namespace {

struct Letter {
  utf8proc_int32_t code_point;
  std::size_t end;  // of its bytes in the word
};

// Terms that are damaged may be no UTF-8: what is no letter ends the word.
void split(std::string_view word, std::vector<Letter>& letters) {
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

// Walks through sorted words with one row of the edit distance's table for each letter of the
// current one. Rows of the letters that a word shares with the one before are kept, and when no
// continuation of a beginning can be near enough, all words with that beginning are skipped.
class Walk {
 public:
  explicit Walk(std::string_view wanted) {
    split(wanted, wanted_);
    rows_.emplace_back(wanted_.size() + 1);
    for (std::size_t i = 0; i <= wanted_.size(); ++i) rows_[0][i] = i;
  }

  struct Step {
    std::size_t distance = 0;  // of the whole word; above `most` if `dead` is not 0
    std::size_t dead = 0;      // so many bytes at the word's beginning are too far from anything
  };

  Step step(std::string_view word, std::size_t most) {
    split(word, letters_);
    const auto shared = static_cast<std::size_t>(
        std::ranges::mismatch(letters_, previous_, {}, &Letter::code_point, &Letter::code_point)
            .in1 -
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

 private:
  void add_row() {
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

  utf8proc_int32_t letter(std::size_t i) const { return letters_[i - 1].code_point; }
  utf8proc_int32_t wanted(std::size_t j) const { return wanted_[j - 1].code_point; }

  std::vector<Letter> wanted_;
  std::vector<Letter> letters_;
  std::vector<Letter> previous_;
  std::vector<std::vector<std::size_t>> rows_;
};

// The first string after all that begin with `beginning`, whose last byte is one of UTF-8.
std::string after_all(std::string beginning) {
  beginning.back() = static_cast<char>(beginning.back() + 1);
  return beginning;
}

class Nearest {
 public:
  Nearest(std::string_view word, std::size_t most) : word_(word), most_(most) {}

  void look_in(const Xapian::Database& database, const Tier& tier) {
    Walk walk(word_);
    const std::string prefix(tier.prefix);
    auto term = database.allterms_begin(prefix);
    const auto end = database.allterms_end(prefix);
    while (term != end) {
      const std::string found = *term;
      const auto known = std::string_view(found).substr(prefix.size());
      const auto [distance, dead] = walk.step(known, most_);
      if (dead > 0) {
        term.skip_to(after_all(found.substr(0, prefix.size() + dead)));
        continue;
      }
      if (distance <= most_) take(known, distance);
      ++term;
    }
  }

  std::vector<std::string> words() const { return {words_.begin(), words_.end()}; }

 private:
  void take(std::string_view known, std::size_t distance) {
    if (distance < most_) words_.clear();
    most_ = distance;
    words_.emplace(known);
  }

  const std::string_view word_;
  std::size_t most_;
  std::set<std::string> words_;
};

}  // namespace

std::vector<std::string> nearest_words(const Xapian::Database& database, std::string_view word,
                                       std::size_t most) {
  if (most == 0) return {};
  Nearest nearest(word, most);
  for (const Tier& tier : tiers) nearest.look_in(database, tier);
  return nearest.words();
}

}  // namespace killrvideo::xapian_engine
