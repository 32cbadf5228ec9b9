#include "storage/rocksdb/schema_catalog.hpp"

#include <algorithm>
#include <boost/json.hpp>

namespace killrvideo::storage::rocksdb_engine {
namespace {

namespace json = boost::json;

std::vector<std::string> describe_key(const TableInfo& table) {
  std::vector<std::string> key;
  for (std::size_t i = 0; i < table.key_size; ++i) {
    const ColumnInfo& column = table.columns[i];
    if (!can_be_key(column.type))
      throw Error(Code::internal, table.name + "." + column.name + " cannot be part of a key");
    key.push_back(column.name + " " + cql_type(column) +
                  (column.part == KeyPart::partition               ? ""
                   : column.part == KeyPart::clustering_descending ? " desc"
                                                                   : " asc"));
  }
  return key;
}

Error contradiction(const TableInfo& table, const std::string& what) {
  return Error(Code::failed_precondition,
               "table " + table.name + ": " + what +
                   "; this data directory was written by an incompatible version of killrvideo");
}

}  // namespace

SchemaCatalog::SchemaCatalog(const std::optional<std::string>& record, const Schema& schema)
    : version_(schema.version()) {
  if (record) read(*record);
  if (version_ > schema.version())
    throw Error(Code::failed_precondition,
                "the data has schema version " + std::to_string(version_) +
                    ", this program knows versions up to " + std::to_string(schema.version()) +
                    "; use the newer killrvideo that wrote it");
  for (const TableInfo* table : schema.tables) stored_tables_.emplace(table, match(*table));
}

void SchemaCatalog::read(const std::string& record) try {
  json::object root = json::parse(record).as_object();
  version_ = json::value_to<int>(root.at("version"));
  for (const auto& [name, value] : root.at("tables").as_object()) {
    const json::object& object = value.as_object();
    RecordedTable table{json::value_to<TableNumber>(object.at("number")),
                        json::value_to<std::vector<std::string>>(object.at("key")),
                        {}};
    for (const auto& [column, facts] : object.at("columns").as_object())
      table.columns[column] = {json::value_to<ColumnNumber>(facts.at("number")),
                               json::value_to<std::string>(facts.at("type"))};
    tables_[name] = std::move(table);
  }
} catch (const std::exception& error) {
  throw Error(Code::internal, std::string("the store's catalog cannot be read: ") + error.what());
}

void SchemaCatalog::add_table(const TableInfo& table) {
  TableNumber next = 1;
  for (const auto& [name, recorded] : tables_)
    next = std::max(next, static_cast<TableNumber>(recorded.number + 1));
  tables_[table.name] = {next, describe_key(table), {}};
}

ColumnNumber SchemaCatalog::number_column(RecordedTable& recorded, const TableInfo& table,
                                          const ColumnInfo& column) {
  auto at = recorded.columns.find(column.name);
  if (at == recorded.columns.end()) {
    if (recorded.columns.size() >= most_columns)
      throw contradiction(table, "more than " + std::to_string(most_columns) + " columns");
    auto number = static_cast<ColumnNumber>(recorded.columns.size());
    at = recorded.columns.emplace(column.name, Column{number, cql_type(column)}).first;
  }
  if (at->second.type != cql_type(column))
    throw contradiction(table, "column " + column.name + " is stored as " + at->second.type +
                                   ", not as " + cql_type(column));
  return at->second.number;
}

StoredTable SchemaCatalog::match(const TableInfo& table) {
  if (!tables_.contains(table.name)) add_table(table);
  RecordedTable& recorded = tables_.at(table.name);
  if (recorded.key != describe_key(table)) throw contradiction(table, "it has another key");
  StoredTable stored{recorded.number, {}};
  stored.layout.number_of.resize(table.columns.size());
  for (std::size_t i = table.key_size; i < table.columns.size(); ++i) {
    ColumnNumber number = number_column(recorded, table, table.columns[i]);
    stored.layout.number_of[i] = number;
    stored.layout.column_of[number] = static_cast<ColumnIndex>(i);
  }
  return stored;
}

std::string SchemaCatalog::record(int version) const {
  json::object tables;
  for (const auto& [name, table] : tables_) {
    json::object columns;
    for (const auto& [column, facts] : table.columns)
      columns[column] = {{"number", facts.number}, {"type", facts.type}};
    tables[name] = {{"number", table.number},
                    {"key", json::value_from(table.key)},
                    {"columns", std::move(columns)}};
  }
  return json::serialize(json::object{{"version", version}, {"tables", std::move(tables)}});
}

}  // namespace killrvideo::storage::rocksdb_engine
