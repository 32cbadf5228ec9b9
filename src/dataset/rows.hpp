// How the records of a file become rows of one table and its copies: FileRows by the table's row.
#pragma once

#include <span>
#include <utility>
#include <vector>

#include "dataset/files.hpp"
#include "storage/row_edits.hpp"

namespace killrvideo::dataset {

template <class Row>
class RowsOf : public FileRows {
 public:
  RowsOf(storage::Store& store, std::size_t in_flight) : writer_(store, in_flight) {}

  void add(const Fields& record) final { added_.push_back(read(record)); }

  std::vector<Outcome> write() final {
    look_up(added_);
    std::vector<Outcome> outcomes;
    for (const Row& row : added_) {
      try {
        outcomes.push_back({.changed = put(row), .refusal = {}});
      } catch (const Error& error) {
        if (error.code() != Code::invalid_argument) throw;
        outcomes.push_back({.changed = false, .refusal = error.what()});
      }
    }
    added_.clear();
    write_to(writer_);
    writer_.flush();
    return outcomes;
  }

 private:
  /// Throws Error invalid_argument if the record cannot be a row.
  virtual Row read(const Fields& record) const = 0;
  /// Reads what the rows are compared with.
  virtual void look_up(std::span<const Row> rows) = 0;
  /// Returns whether that changes anything; throws Error invalid_argument if it cannot be done.
  virtual bool put(const Row& row) = 0;
  /// Writes what was put.
  virtual void write_to(storage::BulkWriter& writer) = 0;

  storage::BulkWriter writer_;
  std::vector<Row> added_;
};

/// The keys of some rows, which `key_of` makes.
template <class Row, class KeyOf>
auto keys_of(std::span<const Row> rows, KeyOf key_of) {
  std::vector<decltype(key_of(rows.front()))> keys;
  keys.reserve(rows.size());
  for (const Row& row : rows) keys.push_back(key_of(row));
  return keys;
}

/// Rows of a table that depend on no other.
template <storage::AnyTable T>
class PlainRows : public RowsOf<typename T::Row> {
  using Row = typename T::Row;

 public:
  PlainRows(storage::Store& store, std::size_t in_flight, const T& table)
      : RowsOf<Row>(store, in_flight), rows_(store, table) {}

 private:
  void look_up(std::span<const Row> rows) final {
    const auto keys = keys_of(rows, [](const Row& row) { return storage::key_tuple_of<T>(row); });
    rows_.read(keys);
  }
  bool put(const Row& row) final { return rows_.put(row); }
  void write_to(storage::BulkWriter& writer) final { rows_.write(writer); }

  storage::RowEdits<T> rows_;
};

// The kinds there are, each for the files of its name.
std::unique_ptr<FileRows> user_rows(storage::Store& store, std::size_t in_flight);
std::unique_ptr<FileRows> credentials_rows(storage::Store& store, std::size_t in_flight);
std::unique_ptr<FileRows> video_rows(storage::Store& store, std::size_t in_flight);
std::unique_ptr<FileRows> latest_video_rows(storage::Store& store, std::size_t in_flight);
std::unique_ptr<FileRows> user_video_rows(storage::Store& store, std::size_t in_flight);
std::unique_ptr<FileRows> comment_rows(storage::Store& store, std::size_t in_flight);
std::unique_ptr<FileRows> user_rating_rows(storage::Store& store, std::size_t in_flight);
std::unique_ptr<FileRows> rating_rows(storage::Store& store, std::size_t in_flight);
std::unique_ptr<FileRows> playback_rows(storage::Store& store, std::size_t in_flight);

}  // namespace killrvideo::dataset
