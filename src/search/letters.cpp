#include "search/letters.hpp"

#include <algorithm>
#include <array>
#include <span>

#include "common/text.hpp"

namespace killrvideo {
namespace {

constexpr CodePoint tatweel = 0x640;
constexpr CodePoint right_quote = 0x2019;
constexpr CodePoint capital_sigma = 0x3A3;
constexpr std::string_view small_sigma = "\u03C3", small_final_sigma = "\u03C2";

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

struct Range {
  CodePoint first, last;
};

bool is_in(std::span<const Range> ranges, CodePoint c) {
  return std::ranges::any_of(
      ranges, [c](const Range& range) { return c >= range.first && c <= range.last; });
}

// Soft hyphen, zero-width characters and marks of direction: inside a word they are nothing.
bool is_invisible(CodePoint c) {
  static constexpr std::array<Range, 6> ranges{{{0xAD, 0xAD},
                                                {0x200B, 0x200F},
                                                {0x202A, 0x202E},
                                                {0x2060, 0x2060},
                                                {0x2066, 0x2069},
                                                {0xFEFF, 0xFEFF}}};
  return is_in(ranges, c);
}

// Latin, Greek and Cyrillic accents, the points of Hebrew and the vowel signs of Arabic, of which
// some ranges have letters and punctuation, too.
bool is_accent(CodePoint c) {
  static constexpr std::array<Range, 6> ranges{{{0x300, 0x36F},
                                                {0x591, 0x5C7},
                                                {0x610, 0x61A},
                                                {0x64B, 0x65F},
                                                {0x670, 0x670},
                                                {0x6D6, 0x6ED}}};
  return c == tatweel || (is_in(ranges, c) && kind_of(c) == CharacterKind::mark);
}

bool is_of_script_without_spaces(CodePoint c) {
  static constexpr std::array<Range, 5> ranges{
      {{0x3041, 0x309F}, {0x3400, 0x4DBF}, {0x4E00, 0x9FFF}, {0xF900, 0xFAFF}, {0x20000, 0x3FFFF}}};
  return is_in(ranges, c);
}

bool is_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

// `text` with `convert` applied to what is between its spaces; there is nothing to do for ASCII but
// to make it lower case, and most of most texts is that.
template <class Convert>
std::string piece_by_piece(std::string_view text, Convert convert) {
  if (is_ascii(text)) return lower_ascii(text);
  std::string result;
  for (;;) {
    const auto piece = text.substr(0, text.find(' '));
    result += is_ascii(piece) ? lower_ascii(piece) : convert(piece);
    text.remove_prefix(piece.size());
    if (text.empty()) return result;
    result += ' ';
    text.remove_prefix(1);
  }
}

// What is left is composed again, because in some scripts letters are made of parts that are no
// words.
std::string fold(std::string_view text) {
  std::string plain;
  const auto parts = mapped(text, UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD);
  each_character(parts, [&](CodePoint c, std::string_view bytes) {
    const auto letter = std::ranges::find(plain_letters, c, &Plain::letter);
    if (letter != plain_letters.end()) {
      plain += letter->plain;
    } else if (!is_accent(c) && !is_invisible(c)) {
      plain += bytes;
    }
  });
  return mapped(plain, UTF8PROC_COMPOSE);
}

void append(std::string& text, CodePoint c) {
  std::array<utf8proc_uint8_t, 4> bytes{};
  const auto length = utf8proc_encode_char(c, bytes.data());
  text.append(reinterpret_cast<const char*>(bytes.data()), static_cast<std::size_t>(length));
}

// Collects characters in lower case. A capital sigma has two: at the end of a word, behind other
// letters, it is another one than elsewhere.
class LowerCase {
 public:
  void add(CodePoint c) {
    const auto kind = kind_of(c);
    const bool letter = kind == CharacterKind::letter;
    if (!letter && kind != CharacterKind::mark) end_word();
    ends_with_sigma_ = c == capital_sigma && in_word_;
    in_word_ = letter || (in_word_ && kind == CharacterKind::mark);
    append(text_, utf8proc_tolower(c));
  }

  std::string take() {
    end_word();
    return std::move(text_);
  }

 private:
  void end_word() {
    if (ends_with_sigma_)
      text_.replace(text_.size() - small_sigma.size(), small_sigma.size(), small_final_sigma);
    ends_with_sigma_ = false;
  }

  std::string text_;
  bool in_word_ = false;
  bool ends_with_sigma_ = false;
};

std::string spell(std::string_view text) {
  LowerCase lower;
  const auto composed = mapped(text, UTF8PROC_COMPOSE | UTF8PROC_COMPAT);
  each_character(composed, [&](CodePoint c, std::string_view) {
    if (c != tatweel && !is_invisible(c)) lower.add(c == right_quote ? '\'' : c);
  });
  return mapped(lower.take(), UTF8PROC_COMPOSE);
}

}  // namespace

CharacterKind kind_of(CodePoint c) {
  if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) return CharacterKind::letter;
  switch (utf8proc_category(c)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
      return is_of_script_without_spaces(c) ? CharacterKind::single : CharacterKind::letter;
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_NL:
    case UTF8PROC_CATEGORY_NO:
      return CharacterKind::digit;
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
      return CharacterKind::mark;
    default:
      return CharacterKind::other;
  }
}

std::string folded(std::string_view text) { return piece_by_piece(text, fold); }

std::string spelled(std::string_view text) { return piece_by_piece(text, spell); }

}  // namespace killrvideo
