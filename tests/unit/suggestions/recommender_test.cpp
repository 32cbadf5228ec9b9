#include "suggestions/recommender.hpp"

#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

#include <future>
#include <numeric>

#include "storage/forwarding_engine.hpp"
#include "suggestions/ratings_model.hpp"
#include "suggestions/rebuild.hpp"

namespace killrvideo {
namespace {

void rebuild_quietly(storage::Store& store) {
  TagIndex tags(store);
  rebuild_suggestions(store, tags, {.in_flight = 2}, [](auto...) {});
}

struct RecommenderTest : ::testing::TestWithParam<DeltaPath> {
  void rated(int video_number, int user_number) {
    run(recommender_->rated({}, video(video_number), user(user_number)));
  }
  void rate(int video_number, int user_number, int stars) {
    world_.rate(video_number, user_number, stars);
    rated(video_number, user_number);
  }
  std::int64_t score(const VideoId& v, const VideoId& w) {
    auto row = run(store_->get({}, suggestions_scores, {v, w}));
    return row ? row->score : 0;
  }
  void expect_exact() {
    const auto wanted = scores_by_definition(all_ratings(*store_));
    EXPECT_EQ(stored_scores(*store_), wanted);
    EXPECT_TRUE(lists_are_right(*store_, wanted));
  }

  const Context context_{};
  storage::TemporaryStore store_;
  // Says of an empty store that its suggestions are complete.
  const bool incomplete_ = rebuild_is_needed(*store_);
  World world_{*store_};
  TestRecommender recommender_{*store_, GetParam()};
};

INSTANTIATE_TEST_SUITE_P(EveryPath, RecommenderTest,
                         ::testing::Values(DeltaPath::one_batch, DeltaPath::direct,
                                           DeltaPath::published),
                         [](const auto& path) {
                           return path.param == DeltaPath::one_batch ? "one_batch"
                                  : path.param == DeltaPath::direct  ? "direct"
                                                                     : "published";
                         });

TEST_P(RecommenderTest, WhoLikesBothGivesTheStarsOfTheOther) {
  rate(1, 1, 5);
  rate(2, 1, 3);
  rate(1, 2, 4);
  rate(2, 2, 4);
  rate(3, 2, 2);
  EXPECT_EQ(score(video(1), video(2)), 3 + 4);
  EXPECT_EQ(score(video(2), video(1)), 5 + 4);
  EXPECT_EQ(score(video(1), video(3)), 0);
  EXPECT_EQ(score(popularity_shard(video(1)), video(1)), 9);
  expect_exact();
}

TEST_P(RecommenderTest, RatingAgainReplaces) {
  rate(1, 1, 5);
  rate(2, 1, 5);
  rate(2, 1, 3);
  EXPECT_EQ(score(video(1), video(2)), 3);
  rate(2, 1, 2);
  EXPECT_EQ(score(video(1), video(2)), 0);
  EXPECT_EQ(score(video(2), video(1)), 0);
  expect_exact();
}

TEST_P(RecommenderTest, TheSameEventAgainChangesNothing) {
  for (int i = 0; i < 10; ++i) rate(i, 1, 3 + i % 3);
  const auto before = store_.everything();
  for (int i = 0; i < 10; ++i) rated(i, 1);
  EXPECT_EQ(store_.everything(), before);
}

TEST_P(RecommenderTest, EventsInAnotherOrderLeadToTheSame) {
  for (int i = 0; i < 20; ++i) world_.rate(i % 7, 1, 1 + i % 5);
  for (int i = 6; i >= 0; --i) rated(i, 1);
  expect_exact();
}

TEST_P(RecommenderTest, ARatingWithoutADateCountsAsTheOldest) {
  for (int i = 0; i < 60; ++i) {
    world_.write({video(i), user(1), 4, std::nullopt});
    rated(i, 1);
  }
  expect_exact();
  rate(100, 1, 5);
  expect_exact();
}

TEST_P(RecommenderTest, OfAVeryActiveUserTheMostRecentLikesCount) {
  for (int i = 0; i < 130; ++i) rate(i, 1, 3 + i % 3);
  EXPECT_EQ(score(video(129), video(80)), 3 + 80 % 3);
  EXPECT_EQ(score(video(129), video(79)), 0);
  expect_exact();
  // One that counted is not liked any more: the one before the oldest counts instead.
  rate(100, 1, 1);
  EXPECT_EQ(score(video(129), video(79)), 3 + 79 % 3);
  expect_exact();
  // An old one that is rated again is the most recent.
  rate(5, 1, 5);
  EXPECT_EQ(score(video(129), video(5)), 5);
  expect_exact();
}

TEST_P(RecommenderTest, RatingsThatComeAtTheSameTimeAllCount) {
  constexpr int users = 40, videos = 12;
  for (int u = 0; u < users; ++u)
    for (int v = 0; v < videos; ++v) world_.rate(v, u, 1 + (u * 7 + v * 3) % 5);
  std::vector<std::future<void>> all;
  for (int u = 0; u < users; ++u)
    for (int v = 0; v < videos; ++v) {
      auto done = std::make_shared<std::promise<void>>();
      all.push_back(done->get_future());
      start(recommender_->rated(context_, video(v), user(u)), [done](std::exception_ptr error) {
        error ? done->set_exception(error) : done->set_value();
      });
    }
  for (auto& each : all) each.get();
  expect_exact();
}

TEST_P(RecommenderTest, OneThatCannotBeCountedDoesNotStandInTheWayOfOthers) {
  auto engine = std::make_unique<storage::ForwardingEngine>(store_->engine());
  engine->on_commit([](const std::vector<storage::Mutation>& mutations) {
    const auto unlucky = storage::values_from(std::tuple(user(3), video(0)));
    for (const auto& mutation : mutations)
      if (mutation.table == &suggestions_likes && mutation.key == unlucky)
        throw Error(Code::internal, "this one cannot be written");
  });
  storage::Store failing(std::move(engine));
  TestRecommender recommender(failing, GetParam());
  constexpr int users = 20;
  std::vector<std::promise<std::exception_ptr>> done(users);
  // While nothing can be written, they gather and then go together.
  recommender->exclusively([&] {
    for (int u = 0; u < users; ++u) {
      world_.rate(0, u, 5);
      start(recommender->rated(context_, video(0), user(u)), [&, u](std::exception_ptr error) {
        done[static_cast<std::size_t>(u)].set_value(error);
      });
    }
  });
  for (int u = 0; u < users; ++u)
    EXPECT_EQ(done[static_cast<std::size_t>(u)].get_future().get() != nullptr, u == 3) << u;
  rated(0, 3);
  expect_exact();
}

RC_GTEST_PROP(Recommender, ScoresEqualThoseOfAllRatings, ()) {
  storage::TemporaryStore store;
  rebuild_is_needed(*store);
  World world(*store);
  TestRecommender recommender(
      *store, *rc::gen::element(DeltaPath::one_batch, DeltaPath::direct, DeltaPath::published));
  const int steps = *rc::gen::inRange(1, 120);
  const int videos = *rc::gen::inRange(2, 90);
  for (int i = 0; i < steps; ++i) {
    const int u = *rc::gen::inRange(0, 4), v = *rc::gen::inRange(0, videos);
    if (*rc::gen::inRange(0, 10) == 0) {
      world.unrate(v, u);
    } else {
      world.rate(v, u, *rc::gen::inRange(1, 6));
    }
    run(recommender->rated({}, video(v), user(u)));
  }
  const auto wanted = scores_by_definition(all_ratings(*store));
  RC_ASSERT(stored_scores(*store) == wanted);
  RC_ASSERT(lists_are_right(*store, wanted));

  // Rebuilt from the ratings they are the same, and nothing has to be written for it.
  const auto before = store.everything();
  rebuild_quietly(*store);
  RC_ASSERT(stored_scores(*store) == wanted);
  RC_ASSERT(lists_are_right(*store, wanted));
  for (const storage::TableInfo* table : std::initializer_list<const storage::TableInfo*>{
           &suggestions_likes, &suggestions_recent_likes}) {
    const auto index = std::ranges::find(schema().tables, table) - schema().tables.begin();
    RC_ASSERT(store.rows(*table) == before[static_cast<std::size_t>(index)]);
  }
}

TEST_P(RecommenderTest, ARebuildSetsRightWhateverIsWrong) {
  for (int i = 0; i < 200; ++i) rate(i % 23, i % 5, 1 + i % 5);
  // Ratings that no event has told of, some that are gone, and nonsense in our tables.
  world_.rate(40, 1, 5);
  for (int v = 0; v < 23; ++v) world_.unrate(v, 2);
  storage::Batch nonsense;
  nonsense.insert(suggestions_scores, {video(3), video(77), 12});
  nonsense.insert(suggestions_scores, {video(77), video(3), 12});
  nonsense.insert(suggestions_related, {video(77), ScoreList({{12, video(3)}}).encode()});
  // Popularity was in one partition once.
  nonsense.insert(suggestions_scores, {VideoId{}, video(3), 12});
  nonsense.insert(suggestions_related, {VideoId{}, ScoreList({{12, video(3)}}).encode()});
  run(store_->commit({}, std::move(nonsense)));
  recommender_->exclusively([&] { rebuild_quietly(*store_); });
  expect_exact();
}

TEST_P(RecommenderTest, ARebuildThatWasCutOffIsKnown) {
  for (int i = 0; i < 100; ++i) world_.rate(i % 23, i % 5, 1 + i % 5);
  run(store_->commit({}, storage::Batch().remove(suggestions_epoch, {"all"})));
  EXPECT_TRUE(rebuild_is_needed(*store_)) << "there has never been one";
  rebuild_quietly(*store_);
  EXPECT_FALSE(rebuild_is_needed(*store_));
  const auto cut_off = [](std::string_view what, auto...) {
    if (what == "scores") throw std::runtime_error("enough");
  };
  TagIndex tags(*store_);
  EXPECT_THROW(rebuild_suggestions(*store_, tags, {.in_flight = 2}, cut_off), std::runtime_error);
  EXPECT_TRUE(rebuild_is_needed(*store_));
  rebuild_quietly(*store_);
  EXPECT_FALSE(rebuild_is_needed(*store_));
  expect_exact();
}

// The bound on what one rating costs: it is the same however much there is.
TEST_P(RecommenderTest, ARatingCostsNoMoreThanItsBound) {
  // A user who likes many videos, all of which many users like.
  for (int u = 0; u < 60; ++u)
    for (int v = 0; v < 60; ++v) world_.rate(v, u, 3 + (u + v) % 3);
  for (int v = 60; v < 400; ++v) world_.rate(v, 1, 4);
  recommender_->exclusively([&] { rebuild_quietly(*store_); });

  auto engine = std::make_unique<storage::ForwardingEngine>(store_->engine());
  std::atomic<std::size_t> writes = 0, rows_asked_for = 0;
  engine->on_commit([&](const auto& mutations) { writes += mutations.size(); });
  engine->on_slice([&](const auto&, const auto& query) { rows_asked_for += query.size; });
  engine->on_get([&](const auto&, std::size_t keys) { rows_asked_for += keys; });
  storage::Store counted(std::move(engine));
  TestRecommender recommender(counted, GetParam());
  for (int v = 0; v < 5; ++v) {
    world_.rate(v, 1, 5);  // pushes the oldest of those that count out
    run(recommender->rated({}, video(v), user(1)));
  }
  // Two videos with 49 others each, both ways, and a list for each of all, and if deltas have a
  // sequence, that; each is read once and written once.
  constexpr std::size_t scores = 2 * 2 * (most_likes - 1) + 3;
  const std::size_t lists = (most_likes + 3) * (GetParam() == DeltaPath::one_batch ? 1 : 2);
  EXPECT_LE(writes, 5 * (scores + lists + 8));
  EXPECT_LE(rows_asked_for, 5 * (scores + lists + most_likes + 8));
  expect_exact();
}

}  // namespace
}  // namespace killrvideo
