#include "search/words.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "common/text.hpp"
#include "search/letters.hpp"

namespace killrvideo {
namespace {

constexpr std::array<std::string_view, 58> stop_words{
    "a",    "an",    "and",   "are",  "as",   "at",    "be",   "but", "by",    "for",
    "from", "had",   "has",   "have", "he",   "her",   "his",  "i",   "if",    "in",
    "into", "is",    "it",    "its",  "me",   "my",    "no",   "not", "of",    "on",
    "or",   "our",   "she",   "so",   "such", "than",  "that", "the", "their", "them",
    "then", "there", "these", "they", "this", "to",    "was",  "we",  "were",  "what",
    "when", "which", "who",   "will", "with", "would", "you",  "your"};
static_assert(std::ranges::is_sorted(stop_words));

constexpr char apostrophe = '\'';
constexpr std::size_t least_letters_behind_apostrophe = 3;

// Between the two forms of a word in a key: less than all that words are made of.
constexpr char key_separator = ' ';
static_assert(key_separator < apostrophe && apostrophe < '0');

// How words are cut.
struct WordRules {
  std::size_t most_letters;
  std::size_t most_bytes;
  bool apostrophes_join;
};
constexpr WordRules to_search{most_letters, most_word_bytes, false};
constexpr WordRules to_complete{most_completion_bytes, most_completion_bytes, true};

// Collects characters and cuts words off.
class WordCutter {
 public:
  explicit WordCutter(const WordRules& rules) : rules_(rules) {}

  void take(CodePoint c, std::string_view bytes) {
    switch (kind_of(c)) {
      case CharacterKind::letter:
        return letter(bytes);
      case CharacterKind::digit:
        return digit(bytes);
      case CharacterKind::single:
        end();
        letter(bytes);
        return end();
      case CharacterKind::mark:
        return mark(bytes);
      case CharacterKind::other:
        return c == apostrophe && rules_.apostrophes_join && after_letter_ ? join() : end();
    }
  }

  std::vector<std::string> words() {
    end();
    return std::move(words_);
  }

 private:
  // An apostrophe is cut off with the letter behind it.
  void letter(std::string_view bytes) {
    if (joining_) {
      add(apostrophe + std::string(bytes));
    } else {
      add(bytes);
    }
    joining_ = false;
    after_letter_ = true;
  }

  void digit(std::string_view bytes) {
    if (joining_) end();
    add(bytes);
    after_letter_ = false;
  }

  // Belongs to the letter before and is cut off with it.
  void mark(std::string_view bytes) {
    if (letters_ > 0 && !joining_) append(bytes);
  }

  // If another letter follows.
  void join() {
    joining_ = true;
    after_letter_ = false;
  }

  void end() {
    if (letters_ > 0) words_.push_back(std::move(word_));
    word_.clear();
    letters_ = 0;
    full_ = joining_ = after_letter_ = false;
  }

  void add(std::string_view bytes) {
    full_ |= ++letters_ > rules_.most_letters;
    append(bytes);
  }

  // What comes after something that was cut off is cut off, too.
  void append(std::string_view bytes) {
    full_ |= word_.size() + bytes.size() > rules_.most_bytes;
    if (!full_) word_ += bytes;
  }

  const WordRules rules_;
  std::vector<std::string> words_;
  std::string word_;
  std::size_t letters_ = 0;
  bool full_ = false;
  bool after_letter_ = false;  // or its marks
  bool joining_ = false;       // the apostrophe after that
};

std::vector<std::string> cut(std::string_view text, const WordRules& rules) {
  WordCutter cutter(rules);
  each_character(text, [&](CodePoint c, std::string_view bytes) { cutter.take(c, bytes); });
  return cutter.words();
}

// Of a word that was cut to complete; folded, it has letters still.
std::string folded_word(std::string_view spelling) {
  auto form = folded(spelling);
  return form == spelling ? form : std::move(cut(form, to_complete).front());
}

std::size_t count_letters(std::string_view word) {
  std::size_t count = 0;
  each_character(word, [&](CodePoint c, std::string_view) {
    const auto kind = kind_of(c);
    if (kind == CharacterKind::letter || kind == CharacterKind::digit) ++count;
  });
  return count;
}

}  // namespace

std::vector<std::string> words_of(std::string_view text) { return cut(folded(text), to_search); }

std::vector<CompletionWord> completion_words_of(std::string_view text) {
  std::vector<CompletionWord> words;
  const auto add = [&](std::string_view spelling) {
    if (!is_stop_word(spelling)) words.push_back({folded_word(spelling), std::string(spelling)});
  };
  for (const std::string_view word : cut(spelled(text), to_complete)) {
    add(word);
    for (auto at = word.find(apostrophe); at != word.npos; at = word.find(apostrophe, at + 1))
      if (const auto behind = word.substr(at + 1);
          count_letters(behind) >= least_letters_behind_apostrophe)
        add(behind);
  }
  return words;
}

std::string last_word_of(std::string_view text) {
  const auto words = cut(spelled(text), to_complete);
  return words.empty() ? std::string() : folded_word(words.back());
}

std::string key_of(const CompletionWord& word) {
  return word.folded + key_separator + word.spelling;
}

CompletionWord completion_word_in(std::string_view key) {
  const auto at = key.find(key_separator);
  return {std::string(key.substr(0, at)), std::string(key.substr(at + 1))};
}

std::string after_word(std::string_view beginning) {
  return std::string(beginning) + static_cast<char>(key_separator + 1);
}

bool is_stop_word(std::string_view word) { return std::ranges::binary_search(stop_words, word); }

std::size_t misspelling_distance(std::string_view word) {
  const std::size_t letters = count_characters(word);
  if (letters > 5) return 2;
  return letters > 1 ? 1 : 0;
}

}  // namespace killrvideo
