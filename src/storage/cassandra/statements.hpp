// The CQL of a table's operations, and the values that each statement takes.
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

/// A part of what follows a position in a partition: with keys of mixed order it is not one range.
struct Slice {
  std::size_t values;  ///< how many of the position's values it takes, after the partition's
  LazyStatement statement;
};

/// Statements that read rows take all columns by name, in the table's order. Parameters are in the
/// order in which the comments name them.
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
  LazyStatement partitions;        ///< all partition keys

  /// What follows the first columns of a clustering key in a partition, in clustering order: with
  /// `inclusive` beginning with the rows that have them, else after the row of a whole key. No
  /// columns: all of the partition. Parameters: partition key, Slice::values, number of rows.
  const std::vector<Slice>& slices(std::size_t columns, bool inclusive) const;

  /// Writes some columns of a row. An INSERT, so that the row comes into being even if all that it
  /// writes is null. Parameters: key, these columns.
  const LazyStatement& update(std::span<const ColumnIndex> columns);

  /// Writes all columns (update) or deletes the row (remove) if one column is as expected.
  /// Parameters: what is written, key, the expected value and, if there is a witness, that column's
  /// value.
  const LazyStatement& if_equal(Mutation::Kind kind, ColumnIndex column,
                                std::optional<ColumnIndex> witness);

 private:
  std::vector<Slice> make_slices(std::size_t columns, bool inclusive) const;

  const TableInfo& table_;
  const std::string name_;                     // with its keyspace
  std::vector<std::vector<Slice>> inclusive_;  // by number of columns
  std::vector<Slice> after_row_;
  std::mutex mutex_;  // of the maps, whose elements stay where they are
  std::map<std::vector<ColumnIndex>, LazyStatement> updates_;
  std::map<std::tuple<Mutation::Kind, ColumnIndex, std::optional<ColumnIndex>>, LazyStatement>
      if_equal_;
};

}  // namespace killrvideo::storage::cassandra
