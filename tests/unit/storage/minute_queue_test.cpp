// The queue of shards and minutes: what is read of it, in which order, and at which cost.
#include "storage/minute_queue.hpp"

#include <gtest/gtest.h>

#include "ratings/tables.hpp"
#include "storage/forwarding_engine.hpp"
#include "storage/temporary_store.hpp"

namespace killrvideo::storage {
namespace {

using namespace std::chrono_literals;

const Timestamp noon = std::chrono::sys_days{std::chrono::year{2026} / 7 / 1} + 12h;

class MinuteQueue : public ::testing::Test {
 protected:
  MinuteQueue() {
    auto engine = std::make_unique<ForwardingEngine>(storage_->engine());
    engine->on_slice([this](const TableInfo&, const RawSliceQuery&) { ++slices_; });
    store_ = std::make_unique<Store>(std::move(engine));
  }

  void insert(Timestamp time, std::size_t count = 1) {
    Batch batch;
    for (std::size_t i = 0; i < count; ++i)
      batch.insert(ratings_pending,
                   {shard, minute_of(time), TimeUuid::at(time, ++ids_), {}, {}, 5, time});
    run(store_->commit({}, std::move(batch)));
  }

  std::vector<Timestamp> read(Timestamp from, Timestamp until) {
    const Context context;
    MinuteReader reader(*store_, context, ratings_pending, shard, from, until);
    std::vector<Timestamp> times;
    while (!reader.done())
      for (const PendingRating& row : run(reader.next())) times.push_back(row.rating_date);
    return times;
  }

  static constexpr std::int32_t shard = 3;
  int slices_ = 0;
  TemporaryStore storage_;
  std::unique_ptr<Store> store_;

 private:
  std::uint64_t ids_ = 0;
};

TEST_F(MinuteQueue, without_positions_begins_at_its_oldest_rows) {
  insert(now());
  run(find_positions(*store_, ratings_pending));
  EXPECT_TRUE(all_rows(*store_, queue_positions, {ratings_pending.name}).empty());
  insert(noon + 1h);
  insert(noon);
  run(find_positions(*store_, ratings_pending));
  const auto positions = all_rows(*store_, queue_positions, {ratings_pending.name});
  ASSERT_EQ(positions.size(), 1u);
  EXPECT_EQ(positions[0].shard, shard);
  EXPECT_EQ(positions[0].position, noon);
}

TEST_F(MinuteQueue, is_read_from_the_oldest_on_over_minutes_without_rows) {
  std::vector<Timestamp> times;
  for (const auto after : {0min, 1min, 2min, 49min, 50min, 51min, 230min})
    insert(times.emplace_back(noon + after));
  EXPECT_EQ(read(noon, noon + 300min), times);
}

TEST_F(MinuteQueue, is_read_from_a_time_within_a_minute_to_the_end_of_one) {
  for (const auto after : {0s, 30s, 59s, 70s, 130s}) insert(noon + after);
  EXPECT_EQ(read(noon + 30s, noon + 60s),
            (std::vector<Timestamp>{noon + 30s, noon + 59s, noon + 70s}));
  EXPECT_TRUE(read(noon + 60s, noon).empty());
}

TEST_F(MinuteQueue, has_minutes_with_more_rows_than_are_read_at_a_time) {
  constexpr std::size_t many = 1'203;
  insert(noon, many);
  insert(noon + 1min);
  insert(noon + 2min, many);
  const auto times = read(noon, noon + 60min);
  EXPECT_EQ(times.size(), 2 * many + 1);
  EXPECT_TRUE(std::ranges::is_sorted(times));
}

TEST_F(MinuteQueue, costs_a_slice_for_each_empty_minute) {
  EXPECT_TRUE(read(noon, noon + 99min).empty());
  EXPECT_EQ(slices_, 100);
}

TEST_F(MinuteQueue, is_not_read_beyond_its_end) {
  TemporaryStore store;
  const Context context;
  MinuteReader reader(*store, context, ratings_pending, shard, noon, noon - 1min);
  ASSERT_TRUE(reader.done());
  EXPECT_THROW(run(reader.next()), Error);
}

}  // namespace
}  // namespace killrvideo::storage
