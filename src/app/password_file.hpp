// Passwords that are kept out of command lines and environments.
#pragma once

#include <filesystem>
#include <string>

namespace killrvideo {

/// The first line of the file. Throws Error invalid_argument that names `setting` if it is empty.
std::string read_password(const std::string& setting, const std::filesystem::path& path);

}  // namespace killrvideo
