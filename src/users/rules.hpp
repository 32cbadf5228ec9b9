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
inline std::string check_person_name(std::string_view field, std::string_view text) {
  return check_text(field, text, {1, 100});
}

/// The trimmed e-mail address. Two that are equal after fold_case() are one.
inline std::string check_email(std::string_view field, std::string_view text) {
  std::string email = check_text(field, text, email_length);
  auto at = email.rfind('@');
  if (at == email.npos || at == 0 || at + 1 == email.size() || email.find(' ') != email.npos)
    throw invalid(std::string(field), "is not an e-mail address");
  return email;
}

}  // namespace killrvideo
