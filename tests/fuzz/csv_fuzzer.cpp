// Any bytes are read to their end in either reading, and what is a record reads back as it is
// written.
#include <sstream>
#include <string>

#include "../unit/dataset/csv_field.hpp"
#include "dataset/escape.hpp"
#include "expect.hpp"

namespace killrvideo::dataset {
namespace {

// A line before it, as a byte order mark and an empty line are something else at the beginning.
constexpr auto before = "before\n";

std::string written(const CsvRecord& record, Escape escape) {
  std::string text = before;
  for (const auto& field : record.fields)
    text += (&field == record.fields.data() ? "" : ",") + csv_field(field, escape);
  return text + "\n";
}

void expect_to_read_back(const CsvRecord& record, Escape escape) {
  if (record.fields.size() == 1 && record.fields.front().empty()) return;  // an empty line
  std::istringstream stream(written(record, escape));
  CsvReader reader(stream, escape);
  reader.next();
  const auto again = reader.next();
  expect(again && again->malformed.empty(), "a record that is written is one");
  expect(again->fields == record.fields, "a record reads back as it is written");
  expect(!reader.next(), "a record is one record");
}

}  // namespace
}  // namespace killrvideo::dataset

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace killrvideo;
  using namespace killrvideo::dataset;
  std::istringstream stream(std::string(reinterpret_cast<const char*>(data), size));
  for (const bool has_header : {true, false}) {
    const auto reading = reading_of(stream, has_header, std::nullopt);
    expect(reading.has_backslashes || reading.escape == Escape::doubled,
           "without backslashes there is one reading");
  }
  for (const auto escape : {Escape::doubled, Escape::backslash}) {
    CsvReader reader(stream, escape);
    std::uint64_t line = 0;
    while (const auto record = reader.next()) {
      expect(record->line > line, "records follow each other");
      line = record->line;
      expect(record->malformed.empty() != record->fields.empty(), "a record is good or malformed");
      if (record->malformed.empty()) expect_to_read_back(*record, escape);
    }
    expect(reader.offset() == size, "all is read");
  }
  return 0;
}
