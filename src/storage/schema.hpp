// The tables of a program, and how data written by an older version of it is brought up to date.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "storage/store.hpp"

namespace killrvideo::storage {

/// A change of stored data that a new table or column alone does not make.
struct Migration {
  int version;  ///< the schema version after it; ascending from 2
  std::string what;
  std::function<Task<void>(Store&)> apply;  ///< must be repeatable: a crash may cut it off
};

/// A vector column by which rows can be searched for their nearest neighbours, where an engine has
/// such indices. Its values have to be finite.
struct VectorIndex {
  const TableInfo* table;
  std::string column;
};

/// Tables and columns that a store lacks are added when it is opened; nothing is ever dropped.
struct Schema {
  std::vector<const TableInfo*> tables;
  std::vector<Migration> migrations;
  std::vector<VectorIndex> vector_indices{};

  int version() const { return migrations.empty() ? 1 : migrations.back().version; }
  /// The table of this name, or nullptr.
  const TableInfo* find(std::string_view name) const;
};

/// The names of the tables that are declared anywhere in this program but for this schema. One that
/// is used would be missing in the store. Not while a table is being declared.
std::vector<std::string> missing_tables(const Schema& schema);

/// CQL's name of a column's type, such as `set<text>`.
std::string cql_type(const ColumnInfo& column);

/// The CREATE TABLE statement of a table; `keyspace` may be empty, `options` are further ones such
/// as "gc_grace_seconds = 3600".
std::string create_table_cql(const TableInfo& table, std::string_view keyspace = {},
                             std::span<const std::string> options = {});

}  // namespace killrvideo::storage
