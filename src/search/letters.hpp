// What words are made of: kinds of characters, and the forms in which texts are compared and shown.
#pragma once

#include <utf8proc.h>

#include <string>
#include <string_view>

namespace killrvideo {

using CodePoint = utf8proc_int32_t;

enum class CharacterKind {
  other,  ///< ends a word
  letter,
  digit,
  single,  ///< a word by itself: Han characters and Hiragana, which are written without spaces
  mark,    ///< belongs to the letter before it, such as the vowels of Indian scripts
};

CharacterKind kind_of(CodePoint c);

/// The form that is the same for texts that differ in case, accents, compatibility forms (ﬁ, full
/// width) and invisible characters only. Vowel signs of Arabic and Hebrew, and the tatweel, count
/// as accents. REQUIRES: is_utf8(text).
std::string folded(std::string_view text);

/// The form in which people write it: in lower case, accents kept, without compatibility forms,
/// invisible characters and tatweel, all apostrophes as '. REQUIRES: is_utf8(text).
std::string spelled(std::string_view text);

/// Calls `visit` with each character and its bytes. REQUIRES: is_utf8(text).
template <class Visit>
void each_character(std::string_view text, Visit&& visit) {
  while (!text.empty()) {
    CodePoint c = static_cast<unsigned char>(text.front());
    std::size_t length = 1;
    if (c >= 0x80)
      length = static_cast<std::size_t>(
          utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                           static_cast<utf8proc_ssize_t>(text.size()), &c));
    visit(c, text.substr(0, length));
    text.remove_prefix(length);
  }
}

}  // namespace killrvideo
