// Unicode text: what clients send is checked and compared here.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace killrvideo {

/// Whether `text` is well-formed UTF-8.
bool is_utf8(std::string_view text);

/// `text` without Unicode white space at both ends. REQUIRES: is_utf8(text).
std::string_view trim(std::string_view text);

/// The number of code points. REQUIRES: is_utf8(text).
std::size_t count_characters(std::string_view text);

/// Cuts a text to at most so many bytes, between two characters. REQUIRES: is_utf8(text).
void cut(std::string& text, std::size_t most_bytes);

/// `text` mapped by utf8proc with these of its options. Throws Error internal if it is no UTF-8.
std::string mapped(std::string_view text, int utf8proc_options);

/// A form in which texts that differ in case only are equal (Unicode full case folding, NFC).
std::string fold_case(std::string_view text);

/// With A to Z in lower case. Any bytes.
std::string lower_ascii(std::string_view text);

}  // namespace killrvideo
