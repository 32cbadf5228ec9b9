// Bytes as text in base64, with padding (RFC 4648, section 4).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace killrvideo {

std::string to_base64(std::string_view bytes);

/// The inverse of to_base64; nothing if it is not that.
std::optional<std::string> from_base64(std::string_view text);

}  // namespace killrvideo
