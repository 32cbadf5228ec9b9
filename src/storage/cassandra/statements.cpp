#include "storage/cassandra/statements.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <ranges>

namespace killrvideo::storage::cassandra {
namespace {

using Names = std::vector<std::string>;

// The names of the columns from `first` up to `last`, without it.
Names names(const TableInfo& table, std::size_t first, std::size_t last) {
  Names result;
  for (std::size_t i = first; i < last; ++i) result.push_back(table.columns[i].name);
  return result;
}

std::string list(const Names& names) { return fmt::format("{}", fmt::join(names, ", ")); }

std::string marks(std::size_t count) {
  return fmt::format("{}", fmt::join(std::vector<char>(count, '?'), ", "));
}

// "a = ? AND b = ?"
std::string equal(const Names& names, std::string_view between = " AND ") {
  Names parts;
  for (const std::string& name : names) parts.push_back(name + " = ?");
  return fmt::format("{}", fmt::join(parts, between));
}

std::string key_equal(const TableInfo& table) { return equal(names(table, 0, table.key_size)); }

std::string select(const TableInfo& table, const std::string& name, const std::string& rest) {
  return fmt::format("SELECT {} FROM {}{}", list(names(table, 0, table.columns.size())), name,
                     rest);
}

std::string insert_cql(const TableInfo& table, const std::string& name, const Names& columns,
                       std::string_view condition) {
  Names all = names(table, 0, table.key_size);
  all.insert(all.end(), columns.begin(), columns.end());
  std::string text = fmt::format("INSERT INTO {} ({}) VALUES ({}){}", name, list(all),
                                 marks(all.size()), condition);
  if (table.ttl.count() > 0) text += fmt::format(" USING TTL {}", table.ttl.count());
  return text;
}

Names value_names(const TableInfo& table) {
  return names(table, table.key_size, table.columns.size());
}

std::string add_cql(const TableInfo& table, const std::string& name) {
  Names parts;
  for (const std::string& column : value_names(table))
    parts.push_back(fmt::format("{0} = {0} + ?", column));
  return fmt::format("UPDATE {} SET {} WHERE {}", name, list(parts), key_equal(table));
}

std::string token_of(const TableInfo& table) {
  return fmt::format("token({})", list(names(table, 0, table.partition_size)));
}

std::string scan_after_cql(const TableInfo& table, const std::string& name) {
  return select(
      table, name,
      fmt::format(" WHERE {} > token({}) LIMIT ?", token_of(table), marks(table.partition_size)));
}

// The clustering columns from `first` up to `last`, which have one order, compared with a position.
std::string compare(const TableInfo& table, std::size_t first, std::size_t last, bool inclusive) {
  bool ascending = table.columns[first].part == KeyPart::clustering_ascending;
  std::string_view than = ascending ? (inclusive ? ">=" : ">") : (inclusive ? "<=" : "<");
  if (last - first == 1) return fmt::format("{} {} ?", table.columns[first].name, than);
  return fmt::format("({}) {} ({})", list(names(table, first, last)), than, marks(last - first));
}

}  // namespace

Task<const Statement*> LazyStatement::prepared(Session& session, const Context& context) const {
  const Statement* statement = if_prepared();
  if (statement == nullptr) {
    statement = co_await session.prepare(context, cql_);
    statement_.store(statement, std::memory_order_release);
  }
  co_return statement;
}

TableStatements::TableStatements(const TableInfo& table, const std::string& keyspace)
    : get(select(table, keyspace + "." + table.name, " WHERE " + key_equal(table))),
      insert(insert_cql(table, keyspace + "." + table.name, value_names(table), "")),
      insert_if_absent(
          insert_cql(table, keyspace + "." + table.name, value_names(table), " IF NOT EXISTS")),
      remove(fmt::format("DELETE FROM {}.{} WHERE {}", keyspace, table.name, key_equal(table))),
      add(add_cql(table, keyspace + "." + table.name)),
      scan(select(table, keyspace + "." + table.name, " LIMIT ?")),
      scan_after(scan_after_cql(table, keyspace + "." + table.name)),
      table_(table),
      name_(keyspace + "." + table.name) {
  const std::size_t clustering = table.key_size - table.partition_size;
  for (std::size_t columns = 0; columns <= clustering; ++columns)
    inclusive_.push_back(make_ranges(columns, true));
  after_row_ = make_ranges(clustering, false);
}

const std::vector<RangeStatement>& TableStatements::ranges(std::size_t columns,
                                                           bool inclusive) const {
  return inclusive ? inclusive_.at(columns) : after_row_;
}

// For a key (a, b, c) whose order changes after a, what follows (x, y, z) is where a = x and
// (b, c) > (y, z), and then where a > x: a range for each run of columns of one order, the last run
// first.
std::vector<RangeStatement> TableStatements::make_ranges(std::size_t columns,
                                                         bool inclusive) const {
  const std::size_t begin = table_.partition_size;
  auto make_range = [&](std::size_t values, const std::string& restriction) {
    std::string partition = equal(names(table_, 0, begin));
    return RangeStatement{
        values,
        LazyStatement(select(table_, name_, " WHERE " + partition + restriction + " LIMIT ?"))};
  };
  std::vector<RangeStatement> result;
  if (columns == 0) {
    result.push_back(make_range(0, ""));
    return result;
  }
  for (std::size_t last = begin + columns; last > begin;) {
    std::size_t first = last - 1;
    while (first > begin && table_.columns[first - 1].part == table_.columns[first].part) --first;
    std::string restriction;
    if (first > begin) restriction = " AND " + equal(names(table_, begin, first));
    restriction += " AND " + compare(table_, first, last, inclusive && result.empty());
    result.push_back(make_range(last - begin, restriction));
    last = first;
  }
  return result;
}

const LazyStatement& TableStatements::update(std::span<const ColumnIndex> columns) {
  std::vector<ColumnIndex> wanted(columns.begin(), columns.end());
  std::lock_guard lock(mutex_);
  auto found = updates_.find(wanted);
  if (found == updates_.end()) {
    Names written;
    for (ColumnIndex column : wanted) written.push_back(table_.columns[column].name);
    found = updates_.emplace(wanted, LazyStatement(insert_cql(table_, name_, written, ""))).first;
  }
  return found->second;
}

const LazyStatement& TableStatements::if_equal(Mutation::Kind kind, ColumnIndex column,
                                               std::optional<ColumnIndex> witness) {
  std::lock_guard lock(mutex_);
  auto found = if_equal_.find({kind, column, witness});
  if (found == if_equal_.end()) {
    const std::string what =
        kind == Mutation::Kind::remove
            ? fmt::format("DELETE FROM {}", name_)
            : fmt::format("UPDATE {} SET {}", name_, equal(value_names(table_), ", "));
    std::string condition = table_.columns[column].name + " = ?";
    if (witness) condition += fmt::format(" AND {} = ?", table_.columns[*witness].name);
    LazyStatement statement(fmt::format("{} WHERE {} IF {}", what, key_equal(table_), condition));
    found = if_equal_.emplace(std::tuple(kind, column, witness), std::move(statement)).first;
  }
  return found->second;
}

}  // namespace killrvideo::storage::cassandra
