// The typed store: rows in, rows out. See table.hpp for how a table is declared.
//
// All operations throw Error: deadline_exceeded, resource_exhausted (the write queue or the disk is
// full), unavailable (the engine cannot work now), internal (corrupt data). A write that returned
// is durable; one that threw deadline_exceeded or unavailable may have happened.
#pragma once

#include <algorithm>
#include <functional>
#include <iterator>
#include <memory>
#include <mutex>
#include <optional>
#include <ranges>
#include <shared_mutex>
#include <type_traits>
#include <utility>
#include <vector>

#include "common/expects.hpp"
#include "storage/engine.hpp"
#include "storage/metrics.hpp"

namespace killrvideo::storage {

template <class T>
concept AnyTable = std::derived_from<T, TableInfo> && requires { typename T::Row; };
/// A table whose rows are written, not counted up.
template <class T>
concept PlainTable = AnyTable<T> && !T::has_counters;
template <class T>
concept CounterTable = AnyTable<T> && T::has_counters;

/// Mutations of any tables, which Store::commit applies together. They have no order: a batch may
/// write a row once, or add to its counters any number of times.
class Batch {
 public:
  /// Writes the whole row, replacing one with the same key.
  template <PlainTable T>
  Batch& insert(const T& table, const typename T::Row& row) {
    return push(Mutation::Kind::insert, table, T::key_of(row), T::value_columns(),
                T::values_of(row));
  }

  /// Writes the columns of `Members` only; creates the row if it does not exist. REQUIRES: the
  /// table's rows do not expire.
  template <auto... Members, PlainTable T>
  Batch& update(const T& table, const typename T::Row& row) {
    expects(table.ttl.count() == 0, "rows that expire are not updated");
    Values values;
    (append_value(values, row.*Members), ...);
    return push(Mutation::Kind::update, table, T::key_of(row), T::template columns_of<Members...>(),
                std::move(values));
  }

  /// Deletes the row, if it exists. Never add to removed counters again.
  template <AnyTable T>
  Batch& remove(const T& table, const typename T::Key& key) {
    return push(Mutation::Kind::remove, table, values_from(key), {}, {});
  }

  /// Adds the counters of `difference` to those of the row with its key.
  template <CounterTable T>
  Batch& add(const T& table, const typename T::Row& difference) {
    return push(Mutation::Kind::add, table, T::key_of(difference), T::value_columns(),
                T::values_of(difference));
  }

  /// Adds a raw mutation, for code that reads raw rows from an engine.
  Batch& add(Mutation mutation) {
    mutations_.push_back(std::move(mutation));
    return *this;
  }

  /// Adds all mutations of another batch.
  Batch& append(Batch other) {
    std::ranges::move(other.mutations_, std::back_inserter(mutations_));
    return *this;
  }

  bool empty() const { return mutations_.empty(); }
  std::size_t size() const { return mutations_.size(); }

 private:
  friend class Store;

  Batch& push(Mutation::Kind kind, const TableInfo& table, Values key,
              std::span<const ColumnIndex> columns, Values values) {
    return add({kind, &table, std::move(key), columns, std::move(values)});
  }

  std::vector<Mutation> mutations_;
};

/// Some consecutive rows of a partition or table.
template <class Row>
struct Slice {
  std::vector<Row> rows;
  std::string state;  ///< where the next slice starts; empty: no more rows
};

/// Where a slice of a partition starts and how long it is.
template <class Clustering = std::tuple<>>
struct SliceQuery {
  std::size_t size = 20;
  std::optional<Clustering> from{};  ///< first columns of the clustering key, inclusive
  std::string state{};               ///< from the slice before; overrides `from`
};

class Store {
 public:
  /// Owns the engine and times its operations in `metrics`, which outlives this; nullptr: in
  /// metrics of its own, which are not exported. REQUIRES: no call is in flight when the Store is
  /// destroyed.
  explicit Store(std::unique_ptr<Engine> engine, StoreMetrics* metrics = nullptr)
      : own_metrics_(metrics ? nullptr : std::make_unique<StoreMetrics>()),
        metrics_(metrics ? *metrics : *own_metrics_),
        engine_(std::move(engine)) {}

  template <AnyTable T>
  Task<std::optional<typename T::Row>> get(const Context& context, const T& table,
                                           typename T::Key key) {
    Timer timer(metrics_.get);
    std::optional<typename T::Row> row;
    Values values = values_from(key);
    KeyedRowSink sink = [&](std::size_t, std::span<const Cell> cells) { row = T::row_of(cells); };
    co_await engine_->get(context, table, {&values, 1}, sink);
    co_return row;
  }

  /// One entry for each key, in the keys' order; a key of one column need not be a tuple. With
  /// `Members` only these columns and the key are read: get_many<&Row::a, &Row::b>(…); the others
  /// have their defaults.
  template <auto... Members, AnyTable T, std::ranges::sized_range Keys>
  Task<std::vector<std::optional<typename T::Row>>> get_many(const Context& context, const T& table,
                                                             const Keys& keys) {
    // Here rather than in the coroutine: the keys need not outlive this call.
    std::vector<Values> values;
    values.reserve(std::ranges::size(keys));
    for (const auto& key : keys) values.push_back(key_values<T>(key));
    return read_all<Members...>(context, table, std::move(values));
  }

  /// A slice of a partition, in clustering order.
  template <AnyTable T, class From = std::tuple<>>
  Task<Slice<typename T::Row>> slice(const Context& context, const T& table,
                                     typename T::PartitionTuple partition,
                                     SliceQuery<From> wanted) {
    static_assert(boost::mp11::mp_starts_with<typename T::ClusteringTuple, From>::value,
                  "a slice begins at the first columns of the clustering key");
    Timer timer(metrics_.page);
    Slice<typename T::Row> result;
    RawSliceQuery query{values_from(partition), {}, std::move(wanted.state), wanted.size};
    if (wanted.from) query.from = values_from(*wanted.from);
    RowSink sink = [&](std::span<const Cell> cells) { result.rows.push_back(T::row_of(cells)); };
    result.state = co_await engine_->slice(context, table, query, sink);
    co_return result;
  }

  /// The next `size` rows of the whole table.
  template <AnyTable T>
  Task<Slice<typename T::Row>> scan(const Context& context, const T& table, std::string state,
                                    std::size_t size) {
    Timer timer(metrics_.scan);
    Slice<typename T::Row> result;
    RowSink sink = [&](std::span<const Cell> cells) { result.rows.push_back(T::row_of(cells)); };
    result.state = co_await engine_->scan(context, table, state, size, sink);
    co_return result;
  }

  Task<void> commit(const Context& context, Batch batch) {
    if (batch.empty()) co_return;
    Timer timer(metrics_.commit);
    const auto inserts = watched_inserts(batch.mutations_);
    co_await engine_->commit(context, std::move(batch.mutations_));
    tell_watcher(inserts);
  }

  /// Calls `tell` with each row that later commits of this Store insert into the table, once it is
  /// durable and before the committer resumes. Commits that are running already are not reported.
  /// Any thread may call `tell`, which must neither throw nor block. An empty `tell` ends the
  /// watching: after this returns, no call is running. There is one watcher at a time.
  template <PlainTable T>
  void watch(const T& table, std::function<void(typename T::Row)> tell) {
    const std::lock_guard lock(watcher_mutex_);
    watcher_ = {};
    if (!tell) return;
    watcher_ = {&table,
                [tell = std::move(tell), columns = table.columns.size()](const Mutation& insert) {
                  std::vector<Cell> cells(columns);
                  const std::size_t keys = insert.key.count();
                  insert.key.each([&](std::size_t i, Cell cell) { cells[i] = cell; });
                  insert.values.each([&](std::size_t i, Cell cell) { cells[keys + i] = cell; });
                  tell(T::row_of(cells));
                }};
  }

  /// Writes repeatable mutations as fast as the engine can, not atomically; see
  /// Engine::write_non_atomic.
  Task<void> write_non_atomic(const Context& context, Batch batch) {
    Timer timer(metrics_.commit);
    co_await engine_->write_non_atomic(context, std::move(batch.mutations_));
  }

  /// Inserts a row unless one with its key exists, which is then returned.
  template <PlainTable T>
  Task<std::optional<typename T::Row>> insert_if_absent(const Context& context, const T& table,
                                                        const typename T::Row& row) {
    Timer timer(metrics_.commit_if);
    std::optional<typename T::Row> existing;
    RowSink sink = [&](std::span<const Cell> cells) { existing = T::row_of(cells); };
    Mutation mutation{Mutation::Kind::insert, &table, T::key_of(row), T::value_columns(),
                      T::values_of(row)};
    co_await engine_->commit_if(context, std::move(mutation), Condition{}, sink);
    co_return existing;
  }

  /// Writes the row if `Member` of the stored row equals `expected`; returns whether it did. Throws
  /// unavailable if the outcome is unknown. If a cluster's answer is lost, the row is read back,
  /// and a row that equals `row` counts as written by this call. So if it matters which of several
  /// writers has won, their rows must differ, for example by the id of an attempt. The same holds
  /// for insert_if_absent. REQUIRES: the table's rows do not expire.
  template <auto Member, PlainTable T>
  Task<bool> compare_and_set(const Context& context, const T& table, const typename T::Row& row,
                             const detail::MemberTypeOf<Member>& expected) {
    expects(table.ttl.count() == 0, "rows that expire are not updated");
    return commit_if_equal<T, Member>(
        context,
        {Mutation::Kind::update, &table, T::key_of(row), T::value_columns(), T::values_of(row)},
        expected);
  }

  /// Deletes the row if its `Member` equals `expected`; returns whether it did. Throws unavailable
  /// if the outcome is unknown.
  template <auto Member, PlainTable T>
  Task<bool> remove_if(const Context& context, const T& table, typename T::Key key,
                       const detail::MemberTypeOf<Member>& expected) {
    return commit_if_equal<T, Member>(
        context, {Mutation::Kind::remove, &table, values_from(key), {}, {}}, expected);
  }

  Engine& engine() { return *engine_; }

 private:
  struct Watcher {
    const TableInfo* table = nullptr;
    std::function<void(const Mutation&)> tell;
  };

  template <AnyTable T, class Key>
  static Values key_values(const Key& key) {
    if constexpr (std::is_same_v<Key, typename T::Key>) {
      return values_from(key);
    } else {
      static_assert(std::is_same_v<std::tuple<Key>, typename T::Key>, "a key of another table");
      return values_from(std::tie(key));
    }
  }

  template <auto... Members, AnyTable T>
  Task<std::vector<std::optional<typename T::Row>>> read_all(const Context& context, const T& table,
                                                             std::vector<Values> keys) {
    Timer timer(metrics_.get);
    std::vector<std::optional<typename T::Row>> rows(keys.size());
    KeyedRowSink sink = [&](std::size_t i, std::span<const Cell> cells) {
      rows[i] = T::template row_of<Members...>(cells);
    };
    co_await engine_->get(context, table, keys, sink);
    co_return rows;
  }

  template <class T, auto Member>
  Task<bool> commit_if_equal(const Context& context, Mutation mutation,
                             const detail::MemberTypeOf<Member>& expected) {
    Timer timer(metrics_.commit_if);
    Condition condition{T::template columns_of<Member>()[0]};
    append_value(condition.expected, expected);
    RowSink ignore = [](std::span<const Cell>) {};
    bool applied =
        co_await engine_->commit_if(context, std::move(mutation), std::move(condition), ignore);
    co_return applied;
  }

  std::vector<Mutation> watched_inserts(const std::vector<Mutation>& mutations) const {
    std::vector<Mutation> inserts;
    const std::shared_lock lock(watcher_mutex_);
    if (!watcher_.table) return inserts;
    for (const Mutation& mutation : mutations)
      if (mutation.table == watcher_.table && mutation.kind == Mutation::Kind::insert)
        inserts.push_back(mutation);
    return inserts;
  }

  void tell_watcher(const std::vector<Mutation>& inserts) const {
    if (inserts.empty()) return;
    const std::shared_lock lock(watcher_mutex_);
    for (const Mutation& insert : inserts)
      if (insert.table == watcher_.table) watcher_.tell(insert);
  }

  std::unique_ptr<StoreMetrics> own_metrics_;
  StoreMetrics& metrics_;
  std::unique_ptr<Engine> engine_;
  mutable std::shared_mutex watcher_mutex_;
  Watcher watcher_;
};

}  // namespace killrvideo::storage
