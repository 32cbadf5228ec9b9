// Reading and writing many rows; blocking, but for each_slice(). The writers are for commands that
// fill a store to which nobody else writes.
#pragma once

#include <condition_variable>
#include <exception>
#include <mutex>
#include <string>
#include <vector>

#include "storage/store.hpp"

namespace killrvideo::storage {

/// Gathers rows into large batches and keeps several batches in flight. Writes can be repeated
/// after a failure. Of several rows with one key the last is kept. One thread.
class BulkWriter {
 public:
  /// `in_flight`: the most batches in flight. REQUIRES: at least 1.
  explicit BulkWriter(Store& store, std::size_t in_flight = 8)
      : store_(store), most_in_flight_(in_flight) {
    expects(in_flight > 0, "at least one batch may be in flight");
  }
  /// Waits for the batches in flight. Rows that were not flushed may be lost.
  ~BulkWriter();
  BulkWriter(const BulkWriter&) = delete;
  BulkWriter& operator=(const BulkWriter&) = delete;

  /// The batch to add the rows of the next record to. Waits while too many batches are in flight.
  /// Throws the Error of an earlier batch.
  Batch& batch();

  /// Returns when all added rows are on disk. Throws the Error of any batch.
  void flush();

 private:
  static constexpr std::size_t batch_size = 512;

  void send();
  /// Waits until at most `count` batches are in flight; throws the error of any batch.
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

/// Calls `visit` with all rows of a table, some at a time; blocks. Rethrows what `visit` throws.
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

/// Calls `visit` with all rows of a partition, some at a time.
template <AnyTable T, class Visit>
Task<void> each_slice(Store& store, const Context& context, const T& table,
                      typename T::PartitionTuple partition, Visit visit) {
  constexpr std::size_t rows_at_a_time = 1'000;
  std::string state;
  do {
    SliceQuery<> wanted{.size = rows_at_a_time, .state = std::move(state)};
    auto slice = co_await store.slice(context, table, partition, std::move(wanted));
    state = std::move(slice.state);
    visit(std::move(slice.rows));
  } while (!state.empty());
}

/// All rows of a partition.
template <AnyTable T>
Task<std::vector<typename T::Row>> all_rows(Store& store, const Context& context, const T& table,
                                            typename T::PartitionTuple partition) {
  std::vector<typename T::Row> all;
  co_await each_slice(
      store, context, table, std::move(partition),
      [&](std::vector<typename T::Row> rows) { std::ranges::move(rows, std::back_inserter(all)); });
  co_return all;
}

/// The same, blocking.
template <AnyTable T>
std::vector<typename T::Row> all_rows(Store& store, const T& table,
                                      const typename T::PartitionTuple& partition) {
  return run(all_rows(store, {}, table, partition));
}

}  // namespace killrvideo::storage
