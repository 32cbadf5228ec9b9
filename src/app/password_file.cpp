#include "app/password_file.hpp"

#include <fstream>

#include "common/error.hpp"

namespace killrvideo {

std::string login_password(const std::string& server, const std::string& username,
                           const std::filesystem::path& file) {
  if (username.empty()) return {};
  const auto setting = server + "-password-file";
  if (file.empty()) throw invalid(setting, "missing: the user " + username + " needs a password");
  std::ifstream stream(file);
  std::string password;
  std::getline(stream, password);
  if (password.empty())
    throw invalid(setting, file.string() + " has no password in its first line");
  return password;
}

}  // namespace killrvideo
