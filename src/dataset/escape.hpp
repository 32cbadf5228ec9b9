// Finds out how a file escapes quotes, once for the whole file.
#pragma once

#include <istream>
#include <optional>

#include "dataset/csv.hpp"

namespace killrvideo::dataset {

struct Reading {
  Escape escape = Escape::doubled;
  bool has_backslashes = false;  ///< Whether it matters.
};

/// How a file has to be read, by the rules of docs/operations.md, "Import"; as `wanted`, if that is
/// given. `has_header`: whether its first line names the columns. Reads the stream several times
/// where it has backslashes and leaves it anywhere.
Reading reading_of(std::istream& stream, bool has_header, std::optional<Escape> wanted);

}  // namespace killrvideo::dataset
