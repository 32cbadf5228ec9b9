#include "users/rules.hpp"

namespace killrvideo {
namespace {

constexpr Length person_name_length{1, 100};

}  // namespace

std::string check_person_name(std::string_view field, std::string_view text) {
  return check_text(field, text, person_name_length);
}

std::string check_email(std::string_view field, std::string_view text) {
  std::string email = check_text(field, text, email_length);
  auto at = email.rfind('@');
  if (at == email.npos || at == 0 || at + 1 == email.size() || email.find(' ') != email.npos)
    throw invalid(std::string(field), "is not an e-mail address");
  return email;
}

}  // namespace killrvideo
