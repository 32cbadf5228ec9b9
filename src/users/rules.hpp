// What an account may hold, whoever makes it: a call or an import.
//
// All throw invalid_argument that names `field`. REQUIRES: texts are UTF-8.
#pragma once

#include <string>
#include <string_view>

#include "common/validate.hpp"

namespace killrvideo {

inline constexpr Length email_length{3, 254};

/// The trimmed first or last name.
std::string check_person_name(std::string_view field, std::string_view text);

/// The trimmed e-mail address. Two that are equal after fold_case() are one.
std::string check_email(std::string_view field, std::string_view text);

}  // namespace killrvideo
