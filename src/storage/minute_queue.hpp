// A queue of rows in a table: each is inserted, found by whoever looks for it, and soon removed.
//
// A partition holds the rows of one shard and one minute. It is written to for one minute, and is
// not read again once its rows are removed. So no reader scans the tombstones that removals leave
// (on Cassandra and on RocksDB). How far a shard is done is in the table queue_positions.
//
// The rows have the columns `shard` and `minute` and, as clustering key, a time-based id, whose
// minute it is.
#pragma once

#include <algorithm>
#include <array>
#include <boost/describe.hpp>

#include "common/clock.hpp"
#include "common/concurrently.hpp"
#include "common/expects.hpp"
#include "common/uuid.hpp"
#include "storage/bulk.hpp"
#include "storage/store.hpp"

namespace killrvideo::storage {

/// All rows of a shard from before this time are removed.
struct QueuePosition {
  std::string queue;  ///< the name of its table
  std::int32_t shard = 0;
  Timestamp position;
};
BOOST_DESCRIBE_STRUCT(QueuePosition, (), (queue, shard, position))

inline const Table<QueuePosition, Partition<&QueuePosition::queue>,
                   Clustering<Ascending<&QueuePosition::shard>>>
    queue_positions{"queue_positions"};

inline constexpr std::int32_t queue_shards = 8;
/// How often positions are stored: a start reads as many minutes again.
inline constexpr std::chrono::minutes position_interval{10};

/// The shard of a key: its last byte is random in every version of UUID that is in use.
inline std::int32_t shard_of(const Uuid& key) { return key.bytes.back() % queue_shards; }

/// Minutes since 1970.
inline std::int32_t minute_of(Timestamp time) {
  const auto minutes = std::chrono::floor<std::chrono::minutes>(time.time_since_epoch());
  return static_cast<std::int32_t>(minutes.count());
}

/// Where a queue without positions is read from: the first of several processes stores that at its
/// start, and their clocks do not differ by an hour.
inline Timestamp first_position(Timestamp now) { return now - std::chrono::hours(1); }

/// When the oldest row of each shard was inserted; Timestamp::max() if it has none. Reads the whole
/// table.
template <PlainTable T>
Task<std::array<Timestamp, queue_shards>> oldest_rows(Store& store, const Context& context,
                                                      const T& table) {
  constexpr std::size_t rows_at_a_time = 500;
  std::array<Timestamp, queue_shards> oldest;
  oldest.fill(Timestamp::max());
  std::string state;
  do {
    auto slice = co_await store.scan(context, table, state, rows_at_a_time);
    for (const auto& row : slice.rows) {
      const TimeUuid id = std::get<2>(T::key_tuple_of(row));
      Timestamp& of_shard = oldest[static_cast<std::size_t>(row.shard)];
      of_shard = std::min(of_shard, id.timestamp());
    }
    state = std::move(slice.state);
  } while (!state.empty());
  co_return oldest;
}

/// Sets the positions of a queue that has none, where its oldest rows are older than
/// first_position().
template <PlainTable T>
Task<void> find_positions(Store& store, const T& table) {
  const Context context;
  const auto oldest = co_await oldest_rows(store, context, table);
  Batch batch;
  for (std::int32_t shard = 0; shard < queue_shards; ++shard)
    if (const Timestamp position = oldest[static_cast<std::size_t>(shard)];
        position < first_position(now()))
      batch.insert(queue_positions, {table.name, shard, position});
  co_await store.commit(context, std::move(batch));
}

/// Reads the rows of a shard, the oldest first. Many minutes are read concurrently, as most are
/// empty after a pause.
template <PlainTable T>
class MinuteReader {
 public:
  using Row = typename T::Row;

  /// The rows with ids from `from` on, of all minutes up to that of `until`. The store and the
  /// context outlive this.
  MinuteReader(Store& store, const Context& context, const T& table, std::int32_t shard,
               Timestamp from, Timestamp until)
      : store_(store),
        context_(context),
        table_(table),
        shard_(shard),
        from_(from),
        minute_(minute_of(from)),
        last_(minute_of(until)) {}

  bool done() const { return page_ == pages_.size() && minute_ > last_; }

  /// The next rows; perhaps none, though more follow. REQUIRES: !done().
  Task<std::vector<Row>> next() {
    expects(!done(), "a queue is read to its end only");
    if (page_ == pages_.size()) {
      co_await read_minutes();
    } else if (Slice<Row>& page = pages_[page_]; page.rows.empty()) {
      page = co_await slice(minute_of_page(page_), rows_at_a_time, std::move(page.state));
    }
    std::vector<Row> rows;
    while (rows.empty() && page_ < pages_.size()) {
      rows = std::exchange(pages_[page_].rows, {});
      if (!pages_[page_].state.empty()) break;
      ++page_;
    }
    co_return rows;
  }

 private:
  static constexpr std::size_t rows_at_a_time = 500;
  static constexpr std::int32_t minutes_at_once = 50;

  std::int32_t minute_of_page(std::size_t page) const {
    return minute_ - static_cast<std::int32_t>(pages_.size() - page);
  }

  Task<void> read_minutes() {
    const auto count = static_cast<std::size_t>(std::min(minutes_at_once, last_ - minute_ + 1));
    pages_.assign(count, {});
    page_ = 0;
    minute_ += static_cast<std::int32_t>(count);
    co_await concurrently(count, count, [&](std::size_t i) -> Task<void> {
      pages_[i] = co_await slice(minute_of_page(i), rows_at_a_time / count, {});
    });
  }

  Task<Slice<Row>> slice(std::int32_t minute, std::size_t size, std::string state) {
    const std::tuple start(TimeUuid::at(from_ - std::chrono::milliseconds(1), 0));
    SliceQuery<std::tuple<TimeUuid>> wanted{.size = size, .from = start, .state = std::move(state)};
    return store_.slice(context_, table_, {shard_, minute}, std::move(wanted));
  }

  Store& store_;
  const Context& context_;
  const T& table_;
  const std::int32_t shard_;
  const Timestamp from_;
  std::int32_t minute_;  // the first that is not in pages_
  const std::int32_t last_;
  std::vector<Slice<Row>> pages_;  // of consecutive minutes
  std::size_t page_ = 0;           // the first that may have rows left
};

}  // namespace killrvideo::storage
