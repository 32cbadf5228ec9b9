#include "dataset/csv.hpp"

#include <algorithm>

#include "common/error.hpp"
#include "common/expects.hpp"

namespace killrvideo::dataset {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
// A quote that is not closed must not fill the memory with the rest of a large file.
constexpr std::size_t most_field_bytes = 16 << 20;

[[noreturn]] void fail(const std::string& reason) { throw Error(Code::invalid_argument, reason); }

void check_size(const std::string& field) {
  if (field.size() > most_field_bytes) fail("a field that does not end within 16 MiB");
}

std::string_view without_end(std::string_view line) {
  if (line.ends_with('\n')) line.remove_suffix(1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

void skip_blanks(std::string_view& rest) {
  rest.remove_prefix(std::min(rest.find_first_not_of(" \t"), rest.size()));
}

// What an escape of two characters stands for.
std::optional<char> escaped(char second) {
  switch (second) {
    case '"':
    case '\\':
      return second;
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    default:
      return std::nullopt;
  }
}

}  // namespace

CsvReader::CsvReader(std::istream& stream, Escape escape) : stream_(stream), escape_(escape) {
  go_to({});
  std::string beginning(byte_order_mark.size(), '\0');
  stream_.read(beginning.data(), static_cast<std::streamsize>(beginning.size()));
  const bool marked = stream_.gcount() == 3 && beginning == byte_order_mark;
  go_to({.offset = marked ? byte_order_mark.size() : 0, .line = 1});
}

void CsvReader::go_to(Position position) {
  at_ = position;
  stream_.clear();
  stream_.seekg(static_cast<std::streamoff>(at_.offset));
}

bool CsvReader::read_line() {
  if (!std::getline(stream_, line_)) return false;
  if (!stream_.eof()) line_ += '\n';
  at_.offset += line_.size();
  ++at_.line;
  return true;
}

std::optional<CsvRecord> CsvReader::next(Blanks around_quotes) {
  CsvRecord record;
  do {
    record.begin = at_.offset;
    record.line = at_.line;
    if (!read_line()) return std::nullopt;
  } while (without_end(line_).empty());
  const Position second_line = at_;
  try {
    std::string_view rest = line_;
    record.fields = take_fields(rest, around_quotes);
    record.end = at_.offset;
  } catch (const Error& error) {
    record.malformed = error.what();
    record.end = at_.offset;
    go_to(second_line);
  }
  return record;
}

std::vector<std::string> CsvReader::take_fields(std::string_view& rest, Blanks around_quotes) {
  std::vector<std::string> fields;
  while (true) {
    auto field = rest;
    if (around_quotes == Blanks::nothing) skip_blanks(field);
    if (field.starts_with('"')) {
      rest = field;
      fields.push_back(take_quoted(rest));
      if (around_quotes == Blanks::nothing) skip_blanks(rest);
      if (!rest.starts_with(',') && !without_end(rest).empty())
        fail("text between a closing quote and the next comma");
    } else {
      fields.push_back(take_plain(rest));
    }
    if (!rest.starts_with(',')) return fields;
    rest.remove_prefix(1);
  }
}

std::string CsvReader::take_plain(std::string_view& rest) {
  const auto* const ends = escape_ == Escape::backslash ? ",\"\\" : ",\"";
  std::string field;
  while (true) {
    const auto content = without_end(rest);
    const auto end = std::min(content.find_first_of(ends), content.size());
    field += content.substr(0, end);
    check_size(field);
    rest.remove_prefix(end);
    if (end == content.size() || rest.starts_with(',')) return field;
    if (rest.starts_with('"')) fail("a quote within a field that does not begin with one");
    take_escape(rest, field);
  }
}

// REQUIRES: it begins with a quote.
std::string CsvReader::take_quoted(std::string_view& rest) {
  expects(rest.starts_with('"'), "a quoted field begins with a quote");
  const auto* const ends = escape_ == Escape::backslash ? "\"\\" : "\"";
  std::string field;
  rest.remove_prefix(1);
  while (true) {
    const auto end = std::min(rest.find_first_of(ends), rest.size());
    field += rest.substr(0, end);
    check_size(field);
    rest.remove_prefix(end);
    if (rest.empty()) {
      if (!read_line()) fail("a quote that is not closed");
      rest = line_;
    } else if (rest.starts_with('\\')) {
      take_escape(rest, field);
    } else if (rest.starts_with("\"\"")) {
      field += '"';
      rest.remove_prefix(2);
    } else {
      rest.remove_prefix(1);
      return field;
    }
  }
}

// REQUIRES: it begins with a backslash.
void CsvReader::take_escape(std::string_view& rest, std::string& field) {
  expects(rest.starts_with('\\'), "an escape begins with a backslash");
  rest.remove_prefix(1);
  if (const auto character = rest.empty() ? std::nullopt : escaped(rest.front())) {
    field += *character;
    rest.remove_prefix(1);
  } else if (!rest.empty() && without_end(rest).empty()) {
    field += rest;
    rest = read_line() ? std::string_view(line_) : std::string_view();
  } else {
    field += '\\';
  }
}

}  // namespace killrvideo::dataset
