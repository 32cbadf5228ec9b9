#include "storage/cassandra/keyspace.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "storage/cassandra/definition.hpp"

namespace killrvideo::storage::cassandra {
namespace {

using Columns = std::map<std::string, ActualColumn>;

std::string text_of(Cell cell) { return is_null(cell) ? std::string() : std::string(cell); }

std::string key_of(const Columns& columns) {
  std::map<std::pair<std::string, std::int32_t>, std::string> parts;
  for (const auto& [name, column] : columns) {
    if (column.kind == "partition_key") parts[{"1", column.position}] = name;
    if (column.kind == "clustering") parts[{"2", column.position}] = name + " " + column.order;
  }
  std::string text;
  for (const auto& [position, part] : parts) text += (text.empty() ? "" : ", ") + part;
  return "(" + text + ")";
}

std::string key_of(const TableInfo& table) {
  Columns columns;
  for (std::size_t i = 0; i < table.key_size; ++i) {
    const ColumnInfo& column = table.columns[i];
    const bool partition = column.part == KeyPart::partition;
    const std::size_t position = partition ? i : i - table.partition_size;
    columns[column.name] = {{},
                            partition ? "partition_key" : "clustering",
                            static_cast<std::int32_t>(position),
                            column.part == KeyPart::clustering_descending ? "desc" : "asc"};
  }
  return key_of(columns);
}

Error contradiction(const std::string& keyspace, const TableInfo& table, const std::string& what) {
  return Error(Code::failed_precondition,
               fmt::format("table {}.{} of the cluster: {}; give it another name or use another "
                           "keyspace (--cassandra-keyspace)",
                           keyspace, table.name, what));
}

void check_key(const Columns& actual, const TableInfo& table, const std::string& keyspace) {
  const std::string is = key_of(actual), declared = key_of(table);
  if (is != declared)
    throw contradiction(keyspace, table,
                        fmt::format("its primary key is {}, not {}", is, declared));
}

void check_column(const ActualColumn& actual, const ColumnInfo& column, const TableInfo& table,
                  const std::string& keyspace) {
  const std::string declared = cql_type(column);
  if (actual.type != declared)
    throw contradiction(
        keyspace, table,
        fmt::format("its column {} is {}, not {}", column.name, actual.type, declared));
  if (actual.kind == "static")
    throw contradiction(keyspace, table, fmt::format("its column {} is static", column.name));
}

std::vector<std::string> columns_to_add(const Columns& actual, const TableInfo& table,
                                        const std::string& keyspace) {
  check_key(actual, table, keyspace);
  std::vector<std::string> statements;
  for (const ColumnInfo& column : table.columns) {
    const auto found = actual.find(column.name);
    if (found != actual.end()) {
      check_column(found->second, column, table, keyspace);
    } else {
      statements.push_back(fmt::format("ALTER TABLE {}.{} ADD IF NOT EXISTS {} {}", keyspace,
                                       table.name, column.name, cql_type(column)));
    }
  }
  return statements;
}

}  // namespace

Task<ActualKeyspace> read_keyspace(Session& session, const Context& context, std::string keyspace) {
  auto rows_of = [&](const std::string& columns, const std::string& table) {
    std::string cql = fmt::format("SELECT {} FROM system_schema.{} WHERE keyspace_name = '{}'",
                                  columns, table, keyspace);
    return session.query(context, std::move(cql), {.idempotent = true});
  };
  ActualKeyspace actual;
  Result keyspaces = co_await rows_of("keyspace_name", "keyspaces");
  actual.exists = keyspaces.row_count() > 0;
  Result columns = co_await rows_of(
      "table_name, column_name, type, kind, position, clustering_order", "columns");
  columns.each_row([&](std::span<const Cell> row) {
    actual.tables[text_of(row[0])][text_of(row[1])] = {
        text_of(row[2]), text_of(row[3]), Cql<std::int32_t>::decode(row[4]), text_of(row[5])};
  });
  Result indices = co_await rows_of("table_name, index_name, options['target']", "indexes");
  indices.each_row([&](std::span<const Cell> row) {
    actual.indexed[text_of(row[0]) + "." + text_of(row[2])] = text_of(row[1]);
  });
  co_return actual;
}

std::vector<std::string> tables_to_add(const ActualKeyspace& actual, const Schema& schema,
                                       const std::string& keyspace) {
  std::vector<std::string> statements;
  for (const TableInfo* table : schema.tables) {
    const auto found = actual.tables.find(table->name);
    if (found == actual.tables.end()) {
      statements.push_back(create_table(*table, keyspace).cql);
    } else {
      std::ranges::move(columns_to_add(found->second, *table, keyspace),
                        std::back_inserter(statements));
    }
  }
  return statements;
}

std::vector<std::string> indices_to_add(const ActualKeyspace& actual, const Schema& schema,
                                        const std::string& keyspace) {
  std::vector<std::string> statements;
  for (const VectorIndex& index : schema.vector_indices)
    if (!actual.indexed.contains(index.table->name + "." + index.column))
      statements.push_back(create_index_cql(index, keyspace));
  return statements;
}

}  // namespace killrvideo::storage::cassandra
