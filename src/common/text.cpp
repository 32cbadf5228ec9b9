#include "common/text.hpp"

#include <utf8proc.h>

#include <algorithm>
#include <cstdlib>
#include <memory>

#include "common/error.hpp"

namespace killrvideo {
namespace {

// The code point at the start of `text` and its length in bytes; a negative length if it is
// invalid.
std::pair<utf8proc_int32_t, utf8proc_ssize_t> front_of(std::string_view text) {
  utf8proc_int32_t code_point = -1;
  auto length = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                 static_cast<utf8proc_ssize_t>(text.size()), &code_point);
  return {code_point, length};
}

bool is_continuation(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) == 0x80; }

bool is_space(utf8proc_int32_t code_point) {
  if (code_point >= '\t' && code_point <= '\r') return true;
  switch (utf8proc_category(code_point)) {
    case UTF8PROC_CATEGORY_ZS:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
      return true;
    default:
      return code_point == 0x85;  // NEXT LINE
  }
}

}  // namespace

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    if (static_cast<unsigned char>(text.front()) < 0x80) {
      text.remove_prefix(1);
      continue;
    }
    auto [code_point, length] = front_of(text);
    if (length < 1) return false;
    text.remove_prefix(static_cast<std::size_t>(length));
  }
  return true;
}

std::string_view trim(std::string_view text) {
  while (!text.empty()) {
    auto [code_point, length] = front_of(text);
    if (length < 1 || !is_space(code_point)) break;
    text.remove_prefix(static_cast<std::size_t>(length));
  }
  while (!text.empty()) {
    std::size_t at = text.size() - 1;
    while (at > 0 && is_continuation(text[at])) --at;
    if (!is_space(front_of(text.substr(at)).first)) break;
    text.remove_suffix(text.size() - at);
  }
  return text;
}

std::size_t count_characters(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char byte) { return !is_continuation(byte); }));
}

void cut(std::string& text, std::size_t most_bytes) {
  if (text.size() <= most_bytes) return;
  std::size_t end = most_bytes;
  while (end > 0 && is_continuation(text[end])) --end;
  text.resize(end);
}

std::string mapped(std::string_view text, int utf8proc_options) {
  utf8proc_uint8_t* result = nullptr;
  const auto length = utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                   static_cast<utf8proc_ssize_t>(text.size()), &result,
                                   static_cast<utf8proc_option_t>(utf8proc_options));
  const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owner(result, &std::free);
  if (length < 0) throw Error(Code::internal, "text that is no UTF-8 reached the services");
  return {reinterpret_cast<const char*>(result), static_cast<std::size_t>(length)};
}

std::string fold_case(std::string_view text) {
  return mapped(text, UTF8PROC_CASEFOLD | UTF8PROC_COMPOSE);
}

std::string lower_ascii(std::string_view text) {
  std::string lower(text);
  for (char& c : lower)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return lower;
}

}  // namespace killrvideo
