// Reads comma-separated values as RFC 4180 describes them.
//
// Fields in quotes may hold commas, line ends and doubled quotes. Lines end with LF or CRLF. A byte
// order mark at the beginning and empty lines between records are skipped.
#pragma once

#include <cstdint>
#include <istream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace killrvideo::dataset {

struct CsvRecord {
  std::uint64_t line = 0;  ///< Where it begins; the first line is 1.
  std::vector<std::string> fields;
  std::string malformed;  ///< What is wrong with it, if it is no proper record; empty if it is one.
};

class CsvReader {
 public:
  /// `stream` can be sought in and outlives the reader.
  explicit CsvReader(std::istream& stream);

  /// The next record; nothing at the end. After a malformed one, reading goes on in the line after
  /// its first one, so that a stray quote does not swallow the records behind it.
  std::optional<CsvRecord> next();

  /// How many bytes have been read.
  std::uint64_t offset() const { return at_.offset; }

 private:
  struct Position {
    std::uint64_t offset = 0;
    std::uint64_t line = 1;
  };

  bool read_line();
  CsvRecord read_record();
  /// These take one field, the line's rest being `rest`; they throw Error with what is wrong.
  std::string take_plain(std::string_view& rest);
  std::string take_quoted(std::string_view& rest);

  std::istream& stream_;
  Position at_;
  std::string line_;  // the current one, with its end
};

/// A field as it has to be written, in quotes if need be.
std::string csv_field(std::string_view text);

}  // namespace killrvideo::dataset
