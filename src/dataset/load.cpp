#include "dataset/load.hpp"

#include <cerrno>
#include <cstring>
#include <fstream>

namespace killrvideo::dataset {
namespace {

Error cannot_read(const std::filesystem::path& path) {
  return Error(Code::failed_precondition,
               "cannot read " + path.string() + ": " + std::strerror(errno));
}

// One for each column that is missing.
std::vector<std::string> problems_of(const CsvRecord& record, const File& file) {
  if (!record.malformed.empty()) return {record.malformed};
  const Header header(record);
  std::vector<std::string> problems;
  for (const auto column : file.columns)
    if (!header.find(column)) problems.push_back(std::string(column) + ": there is no such column");
  return problems;
}

void load_record(const Header& header, const CsvRecord& record, const File& file,
                 Destination& destination) {
  if (!record.malformed.empty()) throw Error(Code::invalid_argument, record.malformed);
  const Fields fields(header, record);
  file.load(fields, destination);
}

}  // namespace

Loaded load(const std::filesystem::path& path, const File& file, Destination& destination,
            const Listener& listener) {
  std::ifstream stream(path, std::ios::binary);
  if (!stream) throw cannot_read(path);
  const auto size = std::filesystem::file_size(path);
  CsvReader reader(stream);
  const auto first = reader.next().value_or(CsvRecord{.line = 1, .fields = {}, .malformed = {}});
  const auto problems = problems_of(first, file);
  Loaded loaded;
  for (const auto& problem : problems) listener.bad_record(first.line, problem);
  loaded.bad += problems.size();
  if (!problems.empty()) return loaded;

  const Header header(first);
  while (const auto record = reader.next()) {
    try {
      load_record(header, *record, file, destination);
      ++loaded.good;
    } catch (const Error& error) {
      if (error.code() != Code::invalid_argument) throw;
      listener.bad_record(record->line, error.what());
      ++loaded.bad;
    }
    listener.progress(reader.offset(), size);
  }
  if (stream.bad()) throw cannot_read(path);
  destination.flush();
  listener.progress(size, size);
  return loaded;
}

}  // namespace killrvideo::dataset
