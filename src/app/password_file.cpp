#include "app/password_file.hpp"

#include <fstream>

#include "common/error.hpp"

namespace killrvideo {

std::string read_password(const std::string& setting, const std::filesystem::path& path) {
  std::ifstream file(path);
  std::string password;
  std::getline(file, password);
  if (password.empty())
    throw invalid(setting, path.string() + " has no password in its first line");
  return password;
}

}  // namespace killrvideo
