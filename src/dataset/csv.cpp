#include "dataset/csv.hpp"

#include <algorithm>

#include "common/error.hpp"

namespace killrvideo::dataset {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
// A quote that is not closed must not fill the memory with the rest of a large file.
constexpr std::size_t most_field_bytes = 16 << 20;

[[noreturn]] void fail(const std::string& reason) { throw Error(Code::invalid_argument, reason); }

std::string_view without_end(std::string_view line) {
  if (line.ends_with('\n')) line.remove_suffix(1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

}  // namespace

CsvReader::CsvReader(std::istream& stream) : stream_(stream) {
  std::string beginning(byte_order_mark.size(), '\0');
  stream_.read(beginning.data(), static_cast<std::streamsize>(beginning.size()));
  const bool marked = stream_.gcount() == 3 && beginning == byte_order_mark;
  at_.offset = marked ? byte_order_mark.size() : 0;
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

std::optional<CsvRecord> CsvReader::next() {
  do {
    if (!read_line()) return std::nullopt;
  } while (without_end(line_).empty());
  const Position second_line = at_;
  try {
    return read_record();
  } catch (const Error& error) {
    at_ = second_line;
    stream_.clear();
    stream_.seekg(static_cast<std::streamoff>(at_.offset));
    return CsvRecord{.line = at_.line - 1, .fields = {}, .malformed = error.what()};
  }
}

CsvRecord CsvReader::read_record() {
  CsvRecord record{.line = at_.line - 1, .fields = {}, .malformed = {}};
  std::string_view rest = line_;
  while (true) {
    record.fields.push_back(rest.starts_with('"') ? take_quoted(rest) : take_plain(rest));
    if (!rest.starts_with(',')) break;
    rest.remove_prefix(1);
  }
  return record;
}

std::string CsvReader::take_plain(std::string_view& rest) {
  const auto content = without_end(rest);
  const auto field = content.substr(0, content.find(','));
  if (field.contains('"')) fail("a quote within a field that does not begin with one");
  rest.remove_prefix(field.size());
  return std::string(field);
}

std::string CsvReader::take_quoted(std::string_view& rest) {
  std::string field;
  rest.remove_prefix(1);
  while (true) {
    const auto quote = std::min(rest.find('"'), rest.size());
    field += rest.substr(0, quote);
    if (field.size() > most_field_bytes) fail("a quote that is not closed within 16 MiB");
    rest.remove_prefix(quote);
    if (rest.empty()) {
      if (!read_line()) fail("a quote that is not closed");
      rest = line_;
    } else if (rest.starts_with("\"\"")) {
      field += '"';
      rest.remove_prefix(2);
    } else {
      rest.remove_prefix(1);
      break;
    }
  }
  if (!rest.starts_with(',') && !without_end(rest).empty())
    fail("text between a closing quote and the next comma");
  return field;
}

std::string csv_field(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == text.npos) return std::string(text);
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

}  // namespace killrvideo::dataset
