#include "dataset/load.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>

#include "common/required.hpp"
#include "dataset/escape.hpp"

namespace killrvideo::dataset {
namespace {

// Existing rows are read by so many keys at once.
constexpr std::size_t records_at_a_time = 1'000;

std::optional<CsvRecord> first_record(std::istream& stream, Escape escape) {
  return CsvReader(stream, escape).next(Blanks::nothing);
}

// Whether the first line names the columns. The reading of the file is not known yet, and only one
// may make a record of its first row.
bool has_header(std::istream& stream, const File& file) {
  return std::ranges::none_of(std::array{Escape::doubled, Escape::backslash}, [&](Escape escape) {
    const auto first = first_record(stream, escape);
    return first && is_row(*first, file.layout);
  });
}

/// The loading of one file.
class Loading {
 public:
  Loading(std::istream& stream, const File& file, std::uint64_t size, storage::Store& store,
          const Options& options, const Listener& listener)
      : file_(file),
        size_(size),
        listener_(listener),
        rows_(file.rows(store)),
        writer_(store, options.in_flight),
        header_(options.header ? *options.header : has_header(stream, file)),
        reading_(reading_of(stream, header_, options.escape)),
        reader_(stream, reading_.escape) {
    if (reading_.has_backslashes) loaded_.escape = reading_.escape;
  }

  Loaded run() {
    if (header_ && !read_header()) return loaded_;
    while (const auto record = reader_.next()) {
      if (!columns_ && record->malformed.empty() && !place_columns(*record)) break;
      take(*record);
      listener_.progress(reader_.offset(), size_);
    }
    write();
    listener_.progress(size_, size_);
    return loaded_;
  }

 private:
  // Each returns whether the file can be read.
  bool read_header() {
    const auto header = reader_.next(Blanks::nothing);
    return !header ||
           know_columns(*header, [&] { return columns_of_header(*header, file_.layout); });
  }
  bool place_columns(const CsvRecord& first) {
    return know_columns(first, [&] { return columns_by_place(first.fields.size(), file_.layout); });
  }

  template <class Find>
  bool know_columns(const CsvRecord& record, Find find) {
    try {
      columns_ = find();
    } catch (const Error& error) {
      loaded_.left_out = true;
      listener_.refused(record.line, error.what());
      return false;
    }
    tell_what_is_passed_over();
    return true;
  }

  void tell_what_is_passed_over() const {
    std::vector<std::string> unknown;
    for (const auto& name : required(columns_).names())
      if (!file_.layout.knows(name)) unknown.push_back(name);
    if (!unknown.empty()) listener_.passed_over(unknown);
  }

  void take(const CsvRecord& record) {
    ++loaded_.read;
    try {
      if (!record.malformed.empty()) throw Error(Code::invalid_argument, record.malformed);
      rows_->add(Fields(required(columns_), record));
      added_.push_back(record.line);
    } catch (const Error& error) {
      if (error.code() != Code::invalid_argument) throw;
      refusals_.emplace_back(record.line, error.what());
    }
    if (added_.size() + refusals_.size() >= records_at_a_time) write();
  }

  void write() {
    const auto outcomes = rows_->write(writer_);
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
      if (!outcomes[i].refusal.empty()) {
        refusals_.emplace_back(added_[i], outcomes[i].refusal);
      } else {
        ++(outcomes[i].changed ? loaded_.taken : loaded_.unchanged);
      }
    }
    std::ranges::sort(refusals_);
    for (const auto& [line, reason] : refusals_) listener_.refused(line, reason);
    loaded_.refused += refusals_.size();
    added_.clear();
    refusals_.clear();
  }

  const File& file_;
  const std::uint64_t size_;
  const Listener& listener_;
  const std::unique_ptr<FileRows> rows_;
  storage::BulkWriter writer_;
  const bool header_;
  const Reading reading_;
  CsvReader reader_;
  std::optional<Columns> columns_;
  std::vector<std::uint64_t> added_;                             // the lines of what rows_ has
  std::vector<std::pair<std::uint64_t, std::string>> refusals_;  // that were not told yet
  Loaded loaded_;
};

}  // namespace

Loaded load(const std::filesystem::path& path, const File& file, storage::Store& store,
            const Options& options, const Listener& listener) {
  const auto cannot_read = [&] {
    return UnreadableFile("cannot read " + path.string() + ": " + std::strerror(errno));
  };
  std::ifstream stream(path, std::ios::binary);
  stream.peek();
  if (stream.bad() || !stream.is_open()) throw cannot_read();
  const auto size = std::filesystem::file_size(path);
  auto loaded = Loading(stream, file, size, store, options, listener).run();
  if (stream.bad()) throw cannot_read();
  return loaded;
}

}  // namespace killrvideo::dataset
