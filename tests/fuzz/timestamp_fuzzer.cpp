// A time that was read out of any text reads back as it is written.
#include <string>

#include "expect.hpp"
#include "storage/text.hpp"

namespace killrvideo::storage {
namespace {

std::string written(Timestamp time) {
  TableInfo table;
  table.columns.push_back({"x", Type::timestamp});
  std::string bytes;
  Cql<Timestamp>::encode(time, bytes);
  const Cell cell = bytes;
  const auto json = row_to_json(table, {&cell, 1});
  const std::string_view begin = R"({"x":")", end = R"("})";
  return json.substr(begin.size(), json.size() - begin.size() - end.size());
}

}  // namespace
}  // namespace killrvideo::storage

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace killrvideo;
  using namespace std::chrono;
  const auto time = storage::parse_timestamp({reinterpret_cast<const char*>(data), size});
  // An offset leads beyond the years that have four digits.
  if (!time || *time < sys_days{year{0} / 1 / 1} || *time >= sys_days{year{10'000} / 1 / 1})
    return 0;
  expect(storage::parse_timestamp(storage::written(*time)) == time, "a time reads back");
  return 0;
}
