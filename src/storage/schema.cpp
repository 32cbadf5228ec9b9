#include "storage/schema.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

namespace killrvideo::storage {
namespace {

std::string joined(const std::vector<std::string>& parts) {
  return fmt::format("{}", fmt::join(parts, ", "));
}

// Names instead of pointers, as tables may be destroyed before they are listed.
std::set<std::string>& declared_tables() {
  static std::set<std::string> names;
  return names;
}

}  // namespace

void detail::remember_table(const std::string& name) { declared_tables().insert(name); }

std::vector<std::string> missing_tables(const Schema& schema) {
  std::vector<std::string> missing;
  std::ranges::copy_if(declared_tables(), std::back_inserter(missing),
                       [&](const std::string& name) { return schema.find(name) == nullptr; });
  return missing;
}

const TableInfo* Schema::find(std::string_view name) const {
  auto at = std::ranges::find(
      tables, name, [](const TableInfo* table) -> const std::string& { return table->name; });
  return at == tables.end() ? nullptr : *at;
}

std::string cql_type(const ColumnInfo& column) {
  switch (column.type) {
    case Type::uuid:
      return "uuid";
    case Type::timeuuid:
      return "timeuuid";
    case Type::text:
      return "text";
    case Type::blob:
      return "blob";
    case Type::integer:
      return "int";
    case Type::bigint:
      return "bigint";
    case Type::real:
      return "float";
    case Type::timestamp:
      return "timestamp";
    case Type::date:
      return "date";
    case Type::boolean:
      return "boolean";
    case Type::text_set:
      return "set<text>";
    case Type::vector:
      return "vector<float, " + std::to_string(column.dimension) + ">";
    case Type::counter:
      return "counter";
  }
  std::unreachable();
}

std::string create_table_cql(const TableInfo& table, std::string_view keyspace,
                             std::span<const std::string> more_options) {
  std::string text = "CREATE TABLE IF NOT EXISTS ";
  if (!keyspace.empty()) text += std::string(keyspace) + ".";
  text += table.name + " (\n";
  std::vector<std::string> partition, clustering, order;
  for (const ColumnInfo& column : table.columns) {
    text += "  " + column.name + " " + cql_type(column) + ",\n";
    if (column.part == KeyPart::none) continue;
    if (column.part == KeyPart::partition) {
      partition.push_back(column.name);
      continue;
    }
    clustering.push_back(column.name);
    order.push_back(column.name +
                    (column.part == KeyPart::clustering_descending ? " DESC" : " ASC"));
  }
  std::string key = "(" + joined(partition) + ")";
  if (!clustering.empty()) key += ", " + joined(clustering);
  text += "  PRIMARY KEY (" + key + ")\n)";
  std::vector<std::string> options;
  if (!order.empty()) options.push_back("CLUSTERING ORDER BY (" + joined(order) + ")");
  if (table.ttl.count() > 0)
    options.push_back("default_time_to_live = " + std::to_string(table.ttl.count()));
  options.insert(options.end(), more_options.begin(), more_options.end());
  for (std::size_t i = 0; i < options.size(); ++i)
    text += (i == 0 ? " WITH " : "\n  AND ") + options[i];
  return text + ";\n";
}

}  // namespace killrvideo::storage
