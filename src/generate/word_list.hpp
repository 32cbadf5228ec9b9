// Lists of words, written as one text.
#pragma once

#include <algorithm>
#include <array>
#include <string_view>

namespace killrvideo::generate {

/// A string literal as an argument of a template.
template <std::size_t size>
struct Literal {
  consteval Literal(const char (&text)[size]) { std::ranges::copy(text, characters); }

  constexpr std::string_view view() const { return {characters, size - 1}; }

  char characters[size]{};
};

/// The words of a text, which `separator` separates, as an array.
template <Literal text, Literal separator = ", ">
inline constexpr auto word_list = [] {
  constexpr auto size = 1 + std::ranges::count(text.characters, separator.characters[0]);
  std::array<std::string_view, size> words;
  auto left = text.view();
  for (auto& word : words) {
    word = left.substr(0, left.find(separator.view()));
    left.remove_prefix(std::min(left.size(), word.size() + separator.view().size()));
  }
  return words;
}();

}  // namespace killrvideo::generate
