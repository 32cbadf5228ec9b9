// How the records of a file become rows of one table and its copies: FileRows by the table's row.
#pragma once

#include <span>
#include <utility>
#include <vector>

#include "dataset/files.hpp"
#include "storage/row_edits.hpp"

namespace killrvideo::dataset {

/// `read` makes a row of a record, or throws Error invalid_argument.
template <auto read>
class RowsOf : public FileRows {
 public:
  using Row = std::invoke_result_t<decltype(read), const Fields&>;

  void add(const Fields& record) final { added_.push_back(read(record)); }

  std::vector<Outcome> write(storage::BulkWriter& writer) final {
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
    write_to(writer);
    writer.flush();
    return outcomes;
  }

 private:
  /// Reads what the rows are compared with.
  virtual void look_up(std::span<const Row> rows) = 0;
  /// Returns whether that changes anything; throws Error invalid_argument if it cannot be done.
  virtual bool put(const Row& row) = 0;
  /// Writes what was put.
  virtual void write_to(storage::BulkWriter& writer) = 0;

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
template <auto& table, auto read>
class PlainRows : public RowsOf<read> {
  using Table = std::remove_cvref_t<decltype(table)>;
  using Row = typename Table::Row;

 public:
  explicit PlainRows(storage::Store& store) : rows_(store, table) {}

 private:
  void look_up(std::span<const Row> rows) final { rows_.read(keys_of(rows, Table::key_tuple_of)); }
  bool put(const Row& row) final { return rows_.put(row); }
  void write_to(storage::BulkWriter& writer) final { rows_.write(writer); }

  storage::RowEdits<Table> rows_;
};

/// File::rows of files whose records become Rows.
template <class Rows>
std::unique_ptr<FileRows> make_rows(storage::Store& store) {
  return std::make_unique<Rows>(store);
}

// The files in the order in which they are imported. Users come before their credentials, so that an
// e-mail belongs to who has it there; videos before the listings, which they decide.
std::vector<File> user_files();
std::vector<File> video_files();
std::vector<File> activity_files();

}  // namespace killrvideo::dataset
