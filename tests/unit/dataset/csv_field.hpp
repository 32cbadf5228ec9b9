// Writes what CsvReader reads.
#pragma once

#include "dataset/csv.hpp"

namespace killrvideo::dataset {

/// A field as it has to be written, in quotes if need be.
inline std::string csv_field(std::string_view text, Escape escape) {
  const bool backslash = escape == Escape::backslash;
  const bool quotes = text.find_first_of(",\"\r\n") != text.npos;
  std::string field;
  for (const char c : text) {
    if (c == '"') field += backslash ? '\\' : '"';
    if (c == '\\' && backslash) field += '\\';
    field += c;
  }
  return quotes ? '"' + field + '"' : field;
}

}  // namespace killrvideo::dataset
