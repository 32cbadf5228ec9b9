// Reads comma-separated values as RFC 4180 describes them, and as cqlsh and dsbulk write them.
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

/// How a file escapes what would end a field.
enum class Escape : std::uint8_t {
  doubled,  ///< A quote in quotes is doubled; a backslash is a backslash.
  /// Also, in any field: \" is a quote, \\ a backslash, \n \r \t what they are in C, and a
  /// backslash before a line end that line end; any other backslash stays.
  backslash,
};

/// Whether blanks around quotes are text, which is malformed there, or nothing.
enum class Blanks : std::uint8_t { text, nothing };

struct CsvRecord {
  std::uint64_t line = 0;  ///< Where it begins; the first line is 1.
  std::vector<std::string> fields;
  std::string malformed;  ///< What is wrong with it, if it is no proper record; empty if it is one.
  /// The bytes of the file that were looked at: whole lines, to the one that ends the record or
  /// that shows it to be malformed.
  std::uint64_t begin = 0, end = 0;
};

class CsvReader {
 public:
  /// `stream` can be sought in and outlives the reader.
  explicit CsvReader(std::istream& stream, Escape escape = Escape::doubled);

  /// The next record; nothing at the end. After a malformed one, reading goes on in the line after
  /// its first one, so that a stray quote does not swallow the records behind it.
  std::optional<CsvRecord> next(Blanks around_quotes = Blanks::text);

  /// How many bytes have been read.
  std::uint64_t offset() const { return at_.offset; }

 private:
  struct Position {
    std::uint64_t offset = 0;
    std::uint64_t line = 1;
  };

  bool read_line();
  void go_to(Position position);
  /// These take something off the front of `rest`, the line's rest, and throw Error with what is
  /// wrong.
  std::vector<std::string> take_fields(std::string_view& rest, Blanks around_quotes);
  std::string take_plain(std::string_view& rest);
  std::string take_quoted(std::string_view& rest);
  void take_escape(std::string_view& rest, std::string& field);

  std::istream& stream_;
  const Escape escape_;
  Position at_;
  std::string line_;  // the current one, with its end
};

}  // namespace killrvideo::dataset
