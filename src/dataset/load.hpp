// Loads one file of the data set into a store.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include "dataset/files.hpp"

namespace killrvideo::dataset {

/// Who is told of what happens while a file is loaded.
struct Listener {
  /// A record that is left out, by the line it begins in.
  std::function<void(std::uint64_t line, const std::string& reason)> bad_record;
  /// Called for every record: how many of the file's bytes are read.
  std::function<void(std::uint64_t done, std::uint64_t total)> progress;
};

struct Loaded {
  std::uint64_t good = 0;  ///< Records whose rows are on disk.
  std::uint64_t bad = 0;   ///< Records, or a header, that listener.bad_record has been told of.
};

/// Loads a file; loading it again changes nothing. What is bad is left out, and if it is the
/// header, then all is. Throws Error if the file cannot be read (failed_precondition) and those of
/// the store.
Loaded load(const std::filesystem::path& path, const File& file, Destination& destination,
            const Listener& listener);

}  // namespace killrvideo::dataset
