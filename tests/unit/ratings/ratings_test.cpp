// What sets the totals of ratings right.
#include "ratings/ratings.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <thread>

#include "common/clock.hpp"
#include "events/outbox.hpp"
#include "ratings/ratings_events.pb.h"
#include "storage/forwarding_engine.hpp"
#include "storage/temporary_store.hpp"

namespace killrvideo {
namespace {

using namespace std::chrono_literals;

class Reconciliation : public ::testing::Test {
 protected:
  void rate(VideoId video, std::int32_t stars) {
    run(ratings_.rate(context_, video, UserId(Uuid::random()), stars));
  }

  void add(VideoId video, std::int64_t count, std::int64_t total) {
    storage::Batch batch;
    batch.add(video_ratings, {video, {count}, {total}});
    run(store_->commit(context_, std::move(batch)));
  }

  VideoRating rating(VideoId video) { return run(ratings_.rating(context_, video)); }

  Ratings::Reconciled reconcile(std::chrono::milliseconds age = 60s) {
    return ratings_.reconcile(context_, age, [](std::size_t) {});
  }

  const VideoId video_{Uuid::random()};
  storage::TemporaryStore store_;

 private:
  const Context context_;
  Ratings ratings_{*store_};
};

TEST_F(Reconciliation, leaves_totals_that_are_right) {
  rate(video_, 5);
  rate(video_, 2);
  const auto done = reconcile();
  EXPECT_EQ(done.videos, 1u);
  EXPECT_EQ(done.wrong, 0u);
  EXPECT_EQ(rating(video_), (VideoRating{video_, {2}, {7}}));
}

TEST_F(Reconciliation, sets_totals_right_that_have_lost_or_doubled_additions) {
  const VideoId other{Uuid::random()};
  rate(video_, 5);
  rate(other, 1);
  add(video_, 1, 4);
  add(other, -1, -1);
  const auto done = reconcile();
  EXPECT_EQ(done.videos, 2u);
  EXPECT_EQ(done.wrong, 2u);
  EXPECT_EQ(rating(video_), (VideoRating{video_, {1}, {5}}));
  EXPECT_EQ(rating(other), (VideoRating{other, {1}, {1}}));
  EXPECT_EQ(reconcile().wrong, 0u);
}

TEST_F(Reconciliation, totals_without_ratings_become_zero) {
  add(video_, 3, 9);
  EXPECT_EQ(reconcile().wrong, 1u);
  EXPECT_EQ(rating(video_), (VideoRating{video_, {0}, {0}}));
}

TEST_F(Reconciliation, videos_that_are_being_rated_are_for_the_next_time) {
  rate(video_, 5);
  add(video_, 1, 1);
  storage::Batch announcement;
  announcement.insert(ratings_pending, PendingRatings::announce(video_, UserId(Uuid::random()), 3));
  run(store_->commit({}, std::move(announcement)));
  EXPECT_EQ(reconcile().skipped, 1u);
  EXPECT_EQ(rating(video_), (VideoRating{video_, {2}, {6}}));
  EXPECT_EQ(reconcile(0s).wrong, 1u);
  EXPECT_EQ(rating(video_), (VideoRating{video_, {1}, {5}}));
}

TEST_F(Reconciliation, compares_every_video_once) {
  for (int i = 0; i < 40; ++i) {
    const VideoId video{Uuid::random()};
    for (int j = 0; j < 60; ++j) rate(video, 4);
  }
  EXPECT_EQ(reconcile().videos, 40u);
}

/// What other tools may have left as a rating; it counts as none.
class NoRating : public Reconciliation,
                 public testing::WithParamInterface<std::optional<std::int32_t>> {
 protected:
  NoRating() {
    storage::Batch batch;
    batch.insert(video_ratings_by_user, {video_, user_, GetParam(), now()});
    run(store_->commit({}, std::move(batch)));
  }

  const UserId user_{Uuid::random()};
};

TEST_P(NoRating, is_told_as_none) {
  Ratings ratings(*store_);
  EXPECT_EQ(run(ratings.rating_of_user({}, video_, user_)), 0);
}

TEST_P(NoRating, is_replaced_as_none) {
  Ratings ratings(*store_);
  run(ratings.rate({}, video_, user_, 2));
  EXPECT_EQ(rating(video_), (VideoRating{video_, {1}, {2}}));
  run(ratings.rate({}, video_, user_, 5));
  EXPECT_EQ(rating(video_), (VideoRating{video_, {1}, {5}}));
}

TEST_P(NoRating, is_counted_as_none) {
  rate(video_, 3);
  add(video_, 1, GetParam().value_or(9));
  reconcile();
  EXPECT_EQ(rating(video_), (VideoRating{video_, {1}, {3}}));
}

INSTANTIATE_TEST_SUITE_P(Stored, NoRating,
                         testing::Values(std::nullopt, 0, -1, 6, 100,
                                         std::numeric_limits<std::int32_t>::min(),
                                         std::numeric_limits<std::int32_t>::max()));

TEST_F(Reconciliation, negative_totals_are_told_as_zero_and_set_right) {
  rate(video_, 4);
  add(video_, -3, -100);
  EXPECT_EQ(rating(video_), (VideoRating{video_, {0}, {0}}));
  reconcile();
  EXPECT_EQ(rating(video_), (VideoRating{video_, {1}, {4}}));
}

// What a crash leaves of ratings at each step.
class CutOff : public Reconciliation {
 protected:
  /// Announces a rating; written: also the rating itself, but neither the totals nor the event.
  void cut_off(VideoId video, std::int32_t stars, bool written) {
    const UserId user(Uuid::random());
    storage::Batch batch;
    batch.insert(ratings_pending, PendingRatings::announce(video, user, stars));
    if (written) batch.insert(video_ratings_by_user, {video, user, stars, now()});
    run(store_->commit({}, std::move(batch)));
  }

  std::size_t repair(std::chrono::milliseconds age = 0s) {
    Ratings after_restart(*store_);
    return run(after_restart.repair({}, age));
  }
};

TEST_F(CutOff, ratings_are_completed_and_told) {
  const VideoId other{Uuid::random()};
  cut_off(video_, 4, true);
  cut_off(video_, 5, false);
  cut_off(other, 2, true);
  EXPECT_EQ(repair(), 2u);
  EXPECT_EQ(rating(video_), (VideoRating{video_, {1}, {4}}));
  EXPECT_EQ(rating(other), (VideoRating{other, {1}, {2}}));
  EXPECT_EQ(store_.rows(outbox_events).size(), 2u);
  EXPECT_TRUE(store_.rows(ratings_pending).empty());
  EXPECT_EQ(repair(), 0u);
}

TEST_F(CutOff, any_number_of_ratings_of_a_video_is_completed) {
  for (int i = 0; i < 2'500; ++i) cut_off(video_, 2, i % 2 == 0);
  EXPECT_EQ(repair(), 1u);
  EXPECT_EQ(rating(video_), (VideoRating{video_, {1'250}, {2'500}}));
  EXPECT_EQ(store_.rows(outbox_events).size(), 1'250u);
  EXPECT_TRUE(store_.rows(ratings_pending).empty());
}

TEST_F(CutOff, what_is_too_young_is_found_later) {
  cut_off(video_, 3, true);
  EXPECT_EQ(repair(60s), 0u);
  EXPECT_EQ(repair(), 1u);
}

TEST_F(CutOff, is_found_after_the_clock_was_set_back) {
  storage::Batch positions;
  for (std::int32_t shard = 0; shard < storage::queue_shards; ++shard)
    positions.insert(storage::queue_positions, {ratings_pending.name, shard, now() + 1h});
  run(store_->commit({}, std::move(positions)));
  EXPECT_EQ(repair(), 0u);
  cut_off(video_, 3, true);
  EXPECT_EQ(repair(), 1u);
}

TEST_F(CutOff, is_looked_for_where_the_last_search_ended) {
  auto engine = std::make_unique<storage::ForwardingEngine>(store_->engine());
  int pages = 0;
  engine->on_slice([&](const storage::TableInfo&, const storage::RawSliceQuery&) { ++pages; });
  storage::Store watched(std::move(engine));
  for (const int most : {70, 2}) {
    Ratings ratings(watched);
    pages = 0;
    run(ratings.repair({}, 0s));
    EXPECT_LE(pages, most * storage::queue_shards);
  }
}

TEST(RatingAgain, leaves_events_in_the_order_of_the_ratings) {
  storage::TemporaryStore store;
  Ratings ratings(*store);
  const VideoId video{Uuid::random()};
  const UserId user{Uuid::random()};
  {
    std::vector<std::jthread> threads;
    for (int thread = 0; thread < 4; ++thread)
      threads.emplace_back([&, thread] {
        for (int i = 0; i < 100; ++i) run(ratings.rate({}, video, user, 1 + (i + thread) % 5));
      });
  }
  ratings::events::UserRatedVideo last;
  std::string state;
  std::size_t events = 0;
  do {
    const auto page = run(store->scan({}, outbox_events, state, 1'000));
    events += page.rows.size();
    if (!page.rows.empty()) ASSERT_TRUE(last.ParseFromString(page.rows.back().payload.bytes));
    state = page.state;
  } while (!state.empty());
  EXPECT_EQ(events, 400u);
  EXPECT_EQ(last.rating(), run(ratings.rating_of_user({}, video, user)));
  EXPECT_EQ(run(ratings.rating({}, video)).rating_total.value, last.rating());
}

}  // namespace
}  // namespace killrvideo
