// What is where in the data directory.
#pragma once

#include <filesystem>

#include "app/config.hpp"

namespace killrvideo {

std::filesystem::path store_directory(const Config& config);
/// Where the embedded search index is kept.
std::filesystem::path search_directory(const Config& config);
/// The unix-domain socket on which a running server takes commands.
std::filesystem::path admin_socket(const Config& config);

/// Makes the data directory, for its owner alone, unless it is there. Throws Error.
void make_data_directory(const Config& config);

}  // namespace killrvideo
