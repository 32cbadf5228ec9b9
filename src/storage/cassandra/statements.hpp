// The CQL of a table's operations, and the parameters of each statement.
#pragma once

#include <atomic>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "common/task.hpp"
#include "storage/cassandra/session.hpp"
#include "storage/engine.hpp"

namespace killrvideo::storage::cassandra {

/// A statement that is prepared when it is first needed. Any thread.
class LazyStatement {
 public:
  explicit LazyStatement(std::string cql) : cql_(std::move(cql)) {}
  LazyStatement(LazyStatement&& other) noexcept : cql_(std::move(other.cql_)) {}

  const std::string& cql() const { return cql_; }
  /// nullptr if it has not been prepared yet.
  const Statement* if_prepared() const { return statement_.load(std::memory_order_acquire); }
  Task<const Statement*> prepared(Session& session, const Context& context) const;

 private:
  std::string cql_;
  mutable std::atomic<const Statement*> statement_{nullptr};
};

/// One range of the rows after a position in a partition. With keys of mixed order there are
/// several.
struct RangeStatement {
  std::size_t values;  ///< how many values of the position are parameters, after the partition key
  LazyStatement statement;
};

/// Statements that read rows select all columns by name, in the table's order. The comments list
/// the parameters in order.
class TableStatements {
 public:
  TableStatements(const TableInfo& table, const std::string& keyspace);

  const TableInfo& table() const { return table_; }

  LazyStatement get;               ///< key
  LazyStatement insert;            ///< key, all other columns
  LazyStatement insert_if_absent;  ///< likewise
  LazyStatement remove;            ///< key
  LazyStatement add;               ///< differences of all counters, key
  LazyStatement scan;              ///< number of rows
  LazyStatement scan_after;        ///< partition key, number of rows: the partitions after it

  /// The ranges of rows after a position, in clustering order. The position has the first `columns`
  /// of the clustering key; 0: the whole partition. With `inclusive` the rows at the position are
  /// included; else the position is a whole key. Parameters: partition key, RangeStatement::values,
  /// number of rows.
  const std::vector<RangeStatement>& ranges(std::size_t columns, bool inclusive) const;

  /// Writes some columns of a row. It is an INSERT, which creates the row even if all values are
  /// null. Parameters: key, these columns.
  const LazyStatement& update(std::span<const ColumnIndex> columns);

  /// Writes all columns (update) or deletes the row (remove) if one column is as expected.
  /// Parameters: the values written, key, the expected value and, if there is a witness, its value.
  const LazyStatement& if_equal(Mutation::Kind kind, ColumnIndex column,
                                std::optional<ColumnIndex> witness);

 private:
  std::vector<RangeStatement> make_ranges(std::size_t columns, bool inclusive) const;

  const TableInfo& table_;
  const std::string name_;                              // with its keyspace
  std::vector<std::vector<RangeStatement>> inclusive_;  // by number of columns
  std::vector<RangeStatement> after_row_;
  std::mutex mutex_;  // guards the maps, whose elements never move
  std::map<std::vector<ColumnIndex>, LazyStatement> updates_;
  std::map<std::tuple<Mutation::Kind, ColumnIndex, std::optional<ColumnIndex>>, LazyStatement>
      if_equal_;
};

}  // namespace killrvideo::storage::cassandra
