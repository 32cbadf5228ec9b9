// The order in which a rating is written: whatever step a crash comes after, repair finds it.
#include <gmock/gmock.h>

#include "events/outbox.hpp"
#include "ratings/ratings.hpp"
#include "storage/forwarding_engine.hpp"
#include "storage/temporary_store.hpp"

namespace killrvideo {
namespace {

TEST(RatingSteps, announce_write_and_complete) {
  storage::TemporaryStore store;
  auto engine = std::make_unique<storage::ForwardingEngine>(store->engine());
  const VideoId video{Uuid::random()};
  const UserId user{Uuid::random()};
  std::vector<std::set<std::string>> batches;
  std::vector<std::size_t> ratings_before;
  engine->on_commit([&](const std::vector<storage::Mutation>& mutations) {
    auto& tables = batches.emplace_back();
    for (const auto& mutation : mutations) tables.insert(mutation.table->name);
    ratings_before.push_back(store.rows(video_ratings_by_user).size());
  });
  storage::Store watched(std::move(engine));
  Ratings ratings(watched);
  run(ratings.rate({}, video, user, 4));
  using testing::ElementsAre;
  EXPECT_THAT(batches,
              ElementsAre(ElementsAre("ratings_pending"),
                          ElementsAre("outbox_events", "ratings_pending", "video_ratings")));
  EXPECT_THAT(ratings_before, ElementsAre(0u, 1u));
  EXPECT_EQ(store.rows(ratings_pending).size(), 0u);
  EXPECT_EQ(store.rows(outbox_events).size(), 1u);
}

}  // namespace
}  // namespace killrvideo
