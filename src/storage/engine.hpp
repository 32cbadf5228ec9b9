// The port behind the mapper: what an engine (RocksDB, Cassandra) does with raw values.
//
// Services use Store (store.hpp), which is typed. Every operation means the same on all engines;
// tests/unit/storage/store_*_test.cpp test that.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "common/context.hpp"
#include "common/task.hpp"
#include "storage/table.hpp"

namespace killrvideo::storage {

/// Receives a row: one cell for each of the table's columns, valid only during the call.
using RowSink = std::function<void(std::span<const Cell>)>;
/// The same, with the index of the row's key among those that were asked for.
using KeyedRowSink = std::function<void(std::size_t, std::span<const Cell>)>;

struct Mutation {
  enum class Kind : std::uint8_t {
    insert,  ///< writes all columns; null clears a column
    update,  ///< writes some columns of a row; creates the row if it does not exist
    remove,  ///< deletes a row, if it exists
    add,     ///< adds to counters
  };
  Kind kind;
  const TableInfo* table;
  Values key;                            ///< all columns of the primary key
  std::span<const ColumnIndex> columns;  ///< the columns written; static storage
  Values values;                         ///< one for each of `columns`
};

/// What must hold for a conditional write of a row.
struct Condition {
  /// Empty: the row must not exist. Else it must exist, and this column must equal `expected`.
  std::optional<ColumnIndex> column;
  Values expected{};  ///< one value
};

/// A slice of one partition.
struct RawSliceQuery {
  Values partition;      ///< all columns of the partition key
  Values from;           ///< the first columns of the clustering key; the slice starts there
                         ///< (inclusive); empty: at the start of the partition
  std::string state;     ///< returned with the slice before; overrides `from`
  std::size_t size = 0;  ///< the most rows to return; at least 1
};

/// What users of an engine have to know of it beyond the operations.
struct EngineTraits {
  bool shared;                ///< other processes may use the same data at the same time
  bool batches_appear_whole;  ///< a reader sees all rows of a batch or none
};

class Engine {
 public:
  virtual ~Engine() = default;

  virtual EngineTraits traits() const = 0;

  /// Why the engine cannot work now; empty if it can. Any thread; does not wait.
  virtual std::string problem() const { return {}; }

  /// Makes the calls fail that wait for other servers, and all later ones: for the end of a
  /// process that waits for its calls. Any thread.
  virtual void fail_pending_calls() {}

  /// After much was written: brings it into the order that is read the quickest. Returns when that
  /// is done, after minutes if it is much. Nothing to do for an engine that sees to it by itself.
  virtual void compact() {}

  /// Makes a consistent copy of the data in the directory `target`, which must not exist. Throws
  /// failed_precondition if the engine has no data of its own to copy.
  virtual void checkpoint(const std::filesystem::path& /*target*/) {
    throw Error(Code::failed_precondition, "only the embedded store is backed up by killrvideo");
  }

  /// Reads rows by primary key. Calls `sink` for those that exist, in any order.
  virtual Task<void> get(const Context& context, const TableInfo& table,
                         std::span<const Values> keys, const KeyedRowSink& sink) = 0;

  /// Reads rows of one partition in clustering order. Returns the state to continue with, or
  /// nothing when no more rows follow.
  virtual Task<std::string> slice(const Context& context, const TableInfo& table,
                                  const RawSliceQuery& query, const RowSink& sink) = 0;

  /// Reads rows of the whole table, partition by partition, in an undefined order. `state` and the
  /// result are as for slice().
  virtual Task<std::string> scan(const Context& context, const TableInfo& table,
                                 const std::string& state, std::size_t size,
                                 const RowSink& sink) = 0;

  /// Applies all mutations atomically and durably. Some engines cannot include additions to
  /// counters: they apply them first, so that the rows of a batch prove that its counters were
  /// added.
  virtual Task<void> commit(const Context& context, std::vector<Mutation> mutations) = 0;

  /// Applies repeatable mutations, not atomically: for filling a store. Of several to one row the
  /// last is kept. All are durable when it returns; when it throws, some may have been applied.
  virtual Task<void> write_non_atomic(const Context& context, std::vector<Mutation> mutations) {
    return commit(context, std::move(mutations));
  }

  /// Applies a mutation if the condition holds, in one atomic step. Returns whether it did. If not,
  /// and the condition was that no row exists, passes the existing row to `existing`.
  virtual Task<bool> commit_if(const Context& context, Mutation mutation, Condition condition,
                               const RowSink& existing) = 0;
};

}  // namespace killrvideo::storage
