// Loads one file of the data set into a store.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "dataset/csv.hpp"
#include "dataset/files.hpp"

namespace killrvideo::dataset {

/// How a file is read. What is not given follows from the file itself, as docs/operations.md says.
struct Options {
  std::optional<bool> header;
  std::optional<Escape> escape;
  std::size_t in_flight = 1;  ///< As for BulkWriter.
};

/// Who is told of what happens while a file is loaded.
struct Listener {
  /// A record that is left out, or a header because of which all are, by the line it begins in.
  std::function<void(std::uint64_t line, const std::string& reason)> refused;
  /// The columns that the file has and the table has not, if there are any.
  std::function<void(const std::vector<std::string>& columns)> passed_over;
  /// Called for every record: how many of the file's bytes are read.
  std::function<void(std::uint64_t done, std::uint64_t total)> progress;
};

/// How many records there were; `read` is the sum of the others.
struct Loaded {
  std::uint64_t read = 0;
  std::uint64_t taken = 0;      ///< Their rows are on disk.
  std::uint64_t unchanged = 0;  ///< They have changed nothing: the store had these rows.
  std::uint64_t refused = 0;    ///< Listener::refused was told why.
  bool left_out = false;        ///< Nothing was read, because of the header.
  /// How backslashes were read, if there are any.
  std::optional<Escape> escape;
};

struct UnreadableFile : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Loads a file; loading it again changes nothing. Throws UnreadableFile, and the Errors of the
/// store; what was read before is in the store then.
Loaded load(const std::filesystem::path& path, const File& file, storage::Store& store,
            const Options& options, const Listener& listener);

}  // namespace killrvideo::dataset
