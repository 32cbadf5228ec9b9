// The tables of a program, and the migrations of data that older versions wrote.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "storage/store.hpp"

namespace killrvideo::storage {

/// A change of stored data, beyond new tables and columns.
struct Migration {
  int version;  ///< the schema version after it; ascending from 2
  std::string what;
  std::function<Task<void>(Store&)> apply;  ///< must be repeatable: a crash may interrupt it
};

/// An index of a vector column for searches of nearest neighbours, on engines with such indices.
/// The values must be finite.
struct VectorIndex {
  const TableInfo* table;
  std::string column;
};

/// Missing tables and columns are added when a store is opened; nothing is ever dropped.
struct Schema {
  std::vector<const TableInfo*> tables;
  std::vector<Migration> migrations;
  std::vector<VectorIndex> vector_indices{};

  int version() const { return migrations.empty() ? 1 : migrations.back().version; }
  /// The table of this name, or nullptr.
  const TableInfo* find(std::string_view name) const;
};

/// The names of tables that this program declares and the schema lacks: they would be missing in
/// the store. Must not run while a table is being declared.
std::vector<std::string> missing_tables(const Schema& schema);

/// CQL's name of a column's type, such as `set<text>`.
std::string cql_type(const ColumnInfo& column);

/// The CREATE TABLE statement of a table; `keyspace` may be empty, `options` are further ones such
/// as "gc_grace_seconds = 3600".
std::string create_table_cql(const TableInfo& table, std::string_view keyspace = {},
                             std::span<const std::string> options = {});

}  // namespace killrvideo::storage
