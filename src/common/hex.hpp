// Bytes as text: two lower-case hex digits each.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace killrvideo {

std::string to_hex(std::string_view bytes);

/// Digits of either case; nothing if `hex` is not entirely pairs of them.
std::optional<std::string> from_hex(std::string_view hex);

}  // namespace killrvideo
