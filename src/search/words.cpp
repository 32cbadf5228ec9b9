#include "search/words.hpp"

#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <memory>

#include "common/error.hpp"
#include "common/text.hpp"

namespace killrvideo {
namespace {

using CodePoint = utf8proc_int32_t;

// Letters with strokes and ligatures, which Unicode does not take apart.
struct Plain {
  CodePoint letter;
  std::string_view plain;
};
constexpr std::array<Plain, 10> plain_letters{{{0xE6, "ae"},
                                               {0xF0, "d"},
                                               {0xF8, "o"},
                                               {0xFE, "th"},
                                               {0x111, "d"},
                                               {0x127, "h"},
                                               {0x131, "i"},
                                               {0x142, "l"},
                                               {0x153, "oe"},
                                               {0x167, "t"}}};

constexpr std::array<std::string_view, 58> stop_words{
    "a",    "an",    "and",   "are",  "as",   "at",    "be",   "but", "by",    "for",
    "from", "had",   "has",   "have", "he",   "her",   "his",  "i",   "if",    "in",
    "into", "is",    "it",    "its",  "me",   "my",    "no",   "not", "of",    "on",
    "or",   "our",   "she",   "so",   "such", "than",  "that", "the", "their", "them",
    "then", "there", "these", "they", "this", "to",    "was",  "we",  "were",  "what",
    "when", "which", "who",   "will", "with", "would", "you",  "your"};
static_assert(std::ranges::is_sorted(stop_words));

bool is_accent(CodePoint c) { return c >= 0x300 && c <= 0x36F; }

bool is_letter_or_digit(CodePoint c) {
  switch (utf8proc_category(c)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_NL:
    case UTF8PROC_CATEGORY_NO:
      return true;
    default:
      return false;
  }
}

// Signs that belong to the letter before them, such as the vowels of Indian scripts.
bool is_mark(CodePoint c) {
  const auto category = utf8proc_category(c);
  return category == UTF8PROC_CATEGORY_MN || category == UTF8PROC_CATEGORY_MC;
}

bool is_word_alone(CodePoint c) {
  return (c >= 0x3041 && c <= 0x309F) || (c >= 0x3400 && c <= 0x4DBF) ||
         (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0xF900 && c <= 0xFAFF) ||
         (c >= 0x20000 && c <= 0x3FFFF);
}

// Collects letters and cuts words off.
class Words {
 public:
  void letter(std::string_view bytes) {
    full_ |= ++letters_ > most_letters;
    add(bytes);
  }

  // Belongs to the letter before and is cut off with it.
  void mark(std::string_view bytes) {
    if (letters_ > 0) add(bytes);
  }

  void end() {
    if (letters_ > 0) words_.push_back(std::move(word_));
    word_.clear();
    letters_ = 0;
    full_ = false;
  }

  std::vector<std::string> take() {
    end();
    return std::move(words_);
  }

 private:
  // What comes after something that was cut off is cut off, too.
  void add(std::string_view bytes) {
    full_ |= word_.size() + bytes.size() > most_word_bytes;
    if (!full_) word_ += bytes;
  }

  std::vector<std::string> words_;
  std::string word_;
  std::size_t letters_ = 0;
  bool full_ = false;
};

std::vector<std::string> words_of_ascii(std::string_view text) {
  Words words;
  for (char c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
      words.letter({&c, 1});
    } else {
      words.end();
    }
  }
  return words.take();
}

// `text` mapped by utf8proc.
std::string mapped(std::string_view text, int options) {
  utf8proc_uint8_t* result = nullptr;
  const auto length = utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                   static_cast<utf8proc_ssize_t>(text.size()), &result,
                                   static_cast<utf8proc_option_t>(options));
  const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owner(result, &std::free);
  if (length < 0) throw Error(Code::internal, "text that is no UTF-8 reached the search");
  return {reinterpret_cast<const char*>(result), static_cast<std::size_t>(length)};
}

template <class Visit>
void each_code_point(std::string_view text, Visit&& visit) {
  while (!text.empty()) {
    CodePoint c = -1;
    const auto length = static_cast<std::size_t>(
        utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                         static_cast<utf8proc_ssize_t>(text.size()), &c));
    visit(c, text.substr(0, length));
    text.remove_prefix(length);
  }
}

// Without case, accents and compatibility forms; what is left is composed again, because in some
// scripts letters are made of parts that are no words.
std::string folded(std::string_view text) {
  std::string plain;
  const auto parts = mapped(text, UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD);
  each_code_point(parts, [&](CodePoint c, std::string_view bytes) {
    const auto letter = std::ranges::find(plain_letters, c, &Plain::letter);
    if (letter != plain_letters.end()) {
      plain += letter->plain;
    } else if (!is_accent(c)) {
      plain += bytes;
    }
  });
  return mapped(plain, UTF8PROC_COMPOSE);
}

}  // namespace

std::vector<std::string> words_of(std::string_view text) {
  if (std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; }))
    return words_of_ascii(text);
  Words words;
  each_code_point(folded(text), [&](CodePoint c, std::string_view bytes) {
    if (is_mark(c)) return words.mark(bytes);
    if (!is_letter_or_digit(c)) return words.end();
    if (is_word_alone(c)) words.end();
    words.letter(bytes);
    if (is_word_alone(c)) words.end();
  });
  return words.take();
}

bool is_stop_word(std::string_view word) { return std::ranges::binary_search(stop_words, word); }

std::size_t misspelling_distance(std::string_view word) {
  const std::size_t letters = count_characters(word);
  if (letters > 5) return 2;
  return letters > 1 ? 1 : 0;
}

}  // namespace killrvideo
