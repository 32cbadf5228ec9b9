// The repair of unfinished ratings, beside ratings that are given meanwhile.
#include <gtest/gtest.h>

#include "common/clock.hpp"
#include "events/outbox.hpp"
#include "ratings/ratings.hpp"
#include "storage/forwarding_engine.hpp"
#include "storage/temporary_store.hpp"

namespace killrvideo {
namespace {

using namespace std::chrono_literals;

class RepairBeside : public ::testing::Test {
 protected:
  RepairBeside() {
    auto engine = std::make_unique<storage::ForwardingEngine>(store_->engine());
    engine->on_slice([this](const storage::TableInfo& table, const storage::RawSliceQuery&) {
      if (&table == &video_ratings_by_user && meanwhile_) std::exchange(meanwhile_, nullptr)();
    });
    watched_ = std::make_unique<storage::Store>(std::move(engine));
  }

  PendingRating announced(std::int32_t stars, std::chrono::milliseconds ago = 0ms) {
    PendingRating rating = PendingRatings::announce(video_, UserId(Uuid::random()), stars);
    if (ago == 0ms) return rating;
    const auto time = rating.changeid.timestamp() - ago;
    rating.changeid = TimeUuid::at(time, ++announcements_);
    rating.minute = storage::minute_of(time);
    return rating;
  }

  void insert(const PendingRating& rating) {
    storage::Batch batch;
    batch.insert(ratings_pending, rating);
    run(store_->commit({}, std::move(batch)));
  }

  void write_rating(const PendingRating& rating) {
    storage::Batch batch;
    batch.insert(video_ratings_by_user,
                 {rating.videoid, rating.userid, rating.rating, rating.rating_date});
    run(store_->commit({}, std::move(batch)));
  }

  /// What a rating does last.
  void complete(const PendingRating& rating) {
    storage::Batch batch;
    batch.add(video_ratings, {rating.videoid, {1}, {rating.rating}});
    batch.remove(ratings_pending, PendingRatings::key_of(rating));
    run(store_->commit({}, std::move(batch)));
  }

  std::size_t repair(std::chrono::milliseconds age) {
    Ratings ratings(*watched_);
    return run(ratings.repair({}, age));
  }

  VideoRating totals() {
    return run(store_->get({}, video_ratings, {video_})).value_or(VideoRating{video_, {}, {}});
  }

  const VideoId video_{Uuid::random()};
  storage::TemporaryStore store_;
  /// Runs once, when repair begins to count the ratings: between its two looks at what is under way.
  std::function<void()> meanwhile_;
  std::uint64_t announcements_ = 0;

 private:
  std::unique_ptr<storage::Store> watched_;
};

TEST_F(RepairBeside, a_rating_that_is_announced_and_written_meanwhile_is_left_for_the_next_time) {
  const PendingRating abandoned = announced(4, 2min), alive = announced(3);
  insert(abandoned);
  write_rating(abandoned);
  meanwhile_ = [&] {
    insert(alive);
    write_rating(alive);
  };
  EXPECT_EQ(repair(60s), 0u);
  EXPECT_EQ(totals(), (VideoRating{video_, {0}, {0}}));
  complete(alive);
  EXPECT_EQ(repair(60s), 1u);
  EXPECT_EQ(totals(), (VideoRating{video_, {2}, {7}}));
}

TEST_F(RepairBeside, a_rating_that_is_completed_meanwhile_is_left_for_the_next_time) {
  const PendingRating abandoned = announced(4, 2min), alive = announced(3, 2min);
  for (const auto& rating : {abandoned, alive}) {
    insert(rating);
    write_rating(rating);
  }
  meanwhile_ = [&] { complete(alive); };
  EXPECT_EQ(repair(60s), 0u);
  EXPECT_EQ(totals(), (VideoRating{video_, {1}, {3}}));
  EXPECT_EQ(repair(60s), 1u);
  EXPECT_EQ(totals(), (VideoRating{video_, {2}, {7}}));
}

TEST_F(RepairBeside, totals_that_change_meanwhile_are_left_for_the_next_time) {
  const PendingRating abandoned = announced(4, 2min);
  insert(abandoned);
  write_rating(abandoned);
  meanwhile_ = [&] {
    storage::Batch batch;
    batch.add(video_ratings, {video_, {1}, {5}});
    run(store_->commit({}, std::move(batch)));
  };
  EXPECT_EQ(repair(60s), 0u);
  EXPECT_EQ(totals(), (VideoRating{video_, {1}, {5}}));
}

TEST_F(RepairBeside, an_announcement_of_a_process_whose_clock_is_ahead_is_alive) {
  const PendingRating abandoned = announced(4, 2min), alive = announced(3, -20s);
  for (const auto& rating : {abandoned, alive}) insert(rating);
  write_rating(abandoned);
  EXPECT_EQ(repair(60s), 0u);
  EXPECT_EQ(totals(), (VideoRating{video_, {0}, {0}}));
}

TEST_F(RepairBeside, a_video_that_was_left_once_is_not_tried_for_each_of_its_ratings) {
  for (int i = 0; i < 5; ++i) insert(announced(4, 2min));
  insert(announced(3));
  int counts = 0;
  std::function<void()> count = [&] {
    ++counts;
    meanwhile_ = count;
  };
  meanwhile_ = count;
  EXPECT_EQ(repair(60s), 0u);
  EXPECT_EQ(counts, 1);
}

TEST_F(RepairBeside, what_was_left_is_where_the_next_search_begins) {
  const PendingRating abandoned = announced(4, 30min);
  insert(abandoned);
  write_rating(abandoned);
  const PendingRating alive = announced(3);
  insert(alive);
  Ratings ratings(*store_);
  EXPECT_EQ(run(ratings.repair({}, 60s)), 0u);
  complete(alive);
  EXPECT_EQ(run(ratings.repair({}, 60s)), 1u);
  EXPECT_EQ(store_.rows(ratings_pending).size(), 0u);
}

}  // namespace
}  // namespace killrvideo
