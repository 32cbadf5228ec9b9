// Passwords that are kept out of command lines and environments.
#pragma once

#include <filesystem>
#include <string>

namespace killrvideo {

/// The password of `username` at `server` ("etcd"), the first line of the file; none without a
/// user. Throws Error invalid_argument that names the setting if the file is not given or has none.
std::string login_password(const std::string& server, const std::string& username,
                           const std::filesystem::path& file);

}  // namespace killrvideo
