// Reading and loading many rows, blocking; the writers are for commands that fill a store which
// nobody else writes to.
#pragma once

#include <condition_variable>
#include <exception>
#include <mutex>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "storage/counters.hpp"
#include "storage/store.hpp"

namespace killrvideo::storage {

/// Gathers rows into large batches and keeps several of them on their way to the disk. What is
/// written is safe to repeat, so a failure loses nothing but time. Of several rows with one key the
/// last holds. One thread.
class BulkWriter {
 public:
  /// `in_flight`: how many batches may wait for the disk at a time; at least 1.
  explicit BulkWriter(Store& store, std::size_t in_flight = 8)
      : store_(store), most_in_flight_(in_flight) {}
  /// Waits for the batches on their way; what was not flushed may be lost.
  ~BulkWriter();
  BulkWriter(const BulkWriter&) = delete;
  BulkWriter& operator=(const BulkWriter&) = delete;

  /// Where the rows of one record go. Waits if too much is on its way.
  /// Throws the Error of an earlier batch.
  Batch& batch();

  /// Returns when all that was added is on disk. Throws the Error of any batch.
  void flush();

 private:
  static constexpr std::size_t batch_size = 512;

  void send();
  /// Waits until at most `count` batches are on their way; throws what one of them has met.
  void wait_for(std::size_t count);

  Store& store_;
  const std::size_t most_in_flight_;
  const Context context_{};
  Batch batch_;
  std::mutex mutex_;
  std::condition_variable landed_;
  std::size_t in_flight_ = 0;
  std::exception_ptr error_;
};

/// Calls `visit` with the rows of a whole table, some at a time; blocks. Throws what it throws.
template <AnyTable T, class Visit>
void scan_all(Store& store, const T& table, Visit visit) {
  constexpr std::size_t rows_at_a_time = 1'000;
  std::string state;
  do {
    auto page = run(store.scan({}, table, std::move(state), rows_at_a_time));
    visit(page.rows);
    state = std::move(page.state);
  } while (!state.empty());
}

/// All rows of a partition; blocks.
template <AnyTable T>
std::vector<typename T::Row> all_rows(Store& store, const T& table,
                                      const typename T::PartitionTuple& partition) {
  constexpr std::size_t rows_at_a_time = 1'000;
  std::vector<typename T::Row> rows;
  std::string state;
  do {
    SliceQuery<> wanted{.size = rows_at_a_time, .state = std::move(state)};
    auto page = run(store.slice({}, table, partition, std::move(wanted)));
    std::ranges::move(page.rows, std::back_inserter(rows));
    state = std::move(page.state);
  } while (!state.empty());
  return rows;
}

/// A row's primary key.
template <AnyTable T>
typename T::Key key_tuple_of(const typename T::Row& row) {
  using Row = typename T::Row;
  using Members = boost::describe::describe_members<Row, boost::describe::mod_public>;
  using KeyMembers = boost::mp11::mp_take_c<boost::mp11::mp_rename<Members, boost::mp11::mp_list>,
                                            std::tuple_size_v<typename T::Key>>;
  return [&]<class... Member>(boost::mp11::mp_list<Member...>) {
    return typename T::Key{row.*Member::pointer...};
  }(KeyMembers{});
}

/// Makes the counters what `totals` say, of several with one key the last; returns when that is on
/// disk. Rows come into being also where all counters are 0.
template <AnyTable T>
void set_totals(Store& store, const T& table, std::span<const typename T::Row> totals) {
  std::set<std::string> seen;
  std::vector<typename T::Row> wanted;
  std::vector<typename T::Key> keys;
  for (auto total = totals.rbegin(); total != totals.rend(); ++total) {
    if (!seen.insert(T::key_of(*total).bytes()).second) continue;
    wanted.push_back(*total);
    keys.push_back(key_tuple_of<T>(*total));
  }
  const Context context;
  const auto actual = run(store.get_many(context, table, std::span<const typename T::Key>(keys)));
  Batch batch;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const auto& row = actual[i];
    auto change = row ? difference(wanted[i], *row) : wanted[i];
    batch.add(table, change);
  }
  if (!batch.empty()) run(store.commit(context, std::move(batch)));
}

/// Collects the totals of a counter table and sets many of them at a time. One thread.
template <AnyTable T>
class TotalsWriter {
 public:
  TotalsWriter(Store& store, const T& table) : store_(store), table_(table) {}

  /// What is added is written some time later, at the latest by flush(). Throws as set_totals does.
  void add(const typename T::Row& total) {
    totals_.push_back(total);
    if (totals_.size() >= at_a_time) flush();
  }

  void flush() {
    set_totals(store_, table_, std::span<const typename T::Row>(totals_));
    totals_.clear();
  }

 private:
  static constexpr std::size_t at_a_time = 1'000;

  Store& store_;
  const T& table_;
  std::vector<typename T::Row> totals_;
};

}  // namespace killrvideo::storage
