// Numbers in texts.
#pragma once

#include <charconv>
#include <optional>
#include <string_view>

namespace killrvideo {

/// The number that the whole text is, in decimal; nothing if it is none, or one that does not fit.
template <class Number>
std::optional<Number> parse_number(std::string_view text) {
  Number number{};
  const auto* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, number);
  return error == std::errc{} && rest == end ? std::optional(number) : std::nullopt;
}

}  // namespace killrvideo
