// Backup and restore of the embedded store.
#pragma once

#include <filesystem>

#include "app/config.hpp"
#include "storage/store.hpp"

namespace killrvideo {

/// Makes a consistent copy of the store in `target`, an absolute path that must not exist, while
/// reading and writing go on. Files that do not change are hard links where the file system allows.
/// Throws Error: invalid_argument (target), failed_precondition (the store is no embedded one).
void backup(storage::Store& store, const std::filesystem::path& target);

/// The same of the store in the data directory, which no process may have open. It is copied as it
/// is: what this version would add to it or change in it is left to the next start. Throws Error:
/// invalid_argument (target), failed_precondition (no store, in use, damaged).
void backup(const Config& config, const std::filesystem::path& target);

/// Checks a backup byte by byte and makes it the store of the configured data directory, which must
/// not have one. The backup stays as it is; what was begun is removed if it fails.
void restore(const std::filesystem::path& source, const Config& config);

}  // namespace killrvideo
