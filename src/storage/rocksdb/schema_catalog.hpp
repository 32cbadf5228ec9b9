// The record of a data directory's schema: its version, and the numbers of tables and columns.
//
// Format: one JSON value under the key "catalog" of the default column family:
//   {"version": 1,
//    "tables": {"videos": {"number": 1, "key": ["videoid uuid"],
//                          "columns": {"name": {"number": 0, "type": "text"}, …}}, …}}
// Numbers ascend and are never reused, even if a column is no longer declared.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <unordered_map>

#include "common/expects.hpp"
#include "storage/rocksdb/keys.hpp"
#include "storage/rocksdb/rows.hpp"
#include "storage/schema.hpp"

namespace killrvideo::storage::rocksdb_engine {

/// Where and how a table's rows are stored.
struct StoredTable {
  TableNumber number;
  RowLayout layout;
};

class SchemaCatalog {
 public:
  /// Matches the recorded catalog (nothing: a new store) with the declared schema, and numbers new
  /// tables and columns. Throws failed_precondition if the record has a newer version or
  /// contradicts the declaration, internal if it cannot be read.
  SchemaCatalog(const std::optional<std::string>& record, const Schema& schema);

  /// REQUIRES: `table` is part of the schema.
  const StoredTable& of(const TableInfo& table) const {
    const auto found = stored_tables_.find(&table);
    expects(found != stored_tables_.end(), "the table is part of the schema (src/app/schema.cpp)");
    return found->second;
  }

  /// The record to store, with the version that migrations have reached.
  std::string record(int version) const;
  /// The version of the data; for a new store, that of the schema.
  int version() const { return version_; }

 private:
  struct Column {
    ColumnNumber number = 0;
    std::string type;
  };
  struct RecordedTable {
    TableNumber number = 0;
    std::vector<std::string> key;
    std::map<std::string, Column> columns;
  };

  void read(const std::string& record);
  StoredTable match(const TableInfo& table);
  void add_table(const TableInfo& table);
  static ColumnNumber number_column(RecordedTable& recorded, const TableInfo& table,
                                    const ColumnInfo& column);

  int version_;
  std::map<std::string, RecordedTable> tables_;  // sorted: equal catalogs have equal records
  std::unordered_map<const TableInfo*, StoredTable> stored_tables_;
};

}  // namespace killrvideo::storage::rocksdb_engine
