// What a comment may hold, whoever adds it: a call or an import.
#pragma once

#include <string>
#include <string_view>

#include "common/validate.hpp"

namespace killrvideo {

/// The trimmed comment. Throws invalid_argument that names `field`. REQUIRES: `text` is UTF-8.
inline std::string check_comment(std::string_view field, std::string_view text) {
  return check_text(field, text, {1, 5'000});
}

}  // namespace killrvideo
