// Values of the RocksDB engine.
//
// Format of a value: for each column that is not null, in any order: the column's number (1 byte),
// the size of its CQL bytes (4 bytes, big-endian) and the bytes. A size of -1 clears the column; it
// occurs in updates that are not merged yet. Number 255 is the time at which the row expires (a CQL
// timestamp) and comes first. The schema catalog numbers the columns, so that a table can get new
// columns without changes to its rows; readers skip unknown numbers. Counter tables have the same
// format; there, merging adds values instead of replacing them.
#pragma once

#include <rocksdb/compaction_filter.h>
#include <rocksdb/merge_operator.h>

#include <array>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "storage/engine.hpp"

namespace killrvideo::storage::rocksdb_engine {

using ColumnNumber = std::uint8_t;
inline constexpr ColumnNumber expiry_number = 255;
inline constexpr std::size_t most_columns = expiry_number;

/// How a table's columns outside the key are numbered in this store.
struct RowLayout {
  std::vector<ColumnNumber> number_of;  ///< by column index; those of key columns are unused
  /// By column number; `none` for columns that the program does not know.
  std::array<ColumnIndex, 256> column_of{};
  static constexpr ColumnIndex none = 0xFFFF;

  RowLayout() { column_of.fill(none); }
};

/// The value that a mutation puts or merges, expiring at `expiry` unless that is 0.
std::string encode_row(const RowLayout& layout, const Mutation& mutation, Timestamp expiry);

/// Reads a value into `cells`, which has one entry for each column of the table; they point into
/// `value`. Leaves the cells of absent columns alone. Returns false if the row has expired.
bool decode_row(const RowLayout& layout, std::string_view value, std::span<Cell> cells,
                Timestamp now);

/// Merges updates into rows.
std::shared_ptr<rocksdb::MergeOperator> make_row_merger();
/// Adds up counters.
std::shared_ptr<rocksdb::MergeOperator> make_counter_merger();
/// Drops expired rows.
std::unique_ptr<rocksdb::CompactionFilter> make_expiry_filter();

}  // namespace killrvideo::storage::rocksdb_engine
