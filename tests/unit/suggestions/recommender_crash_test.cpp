// kill -9 before a commit of the recommender. The process that dies is this test, started again by
// GoogleTest's death test; what it leaves is then set right here.
#include <gtest/gtest.h>
#include <signal.h>
#include <stdlib.h>

#include <atomic>
#include <filesystem>

#include "app/schema.hpp"
#include "storage/forwarding_engine.hpp"
#include "suggestions/ratings_model.hpp"
#include "suggestions/rebuild.hpp"

namespace killrvideo {
namespace {

namespace fs = std::filesystem;
using storage::rocksdb_engine::RocksEngine;

// Dies before the commit that follows so many with a row of this table.
struct Death {
  std::string name;
  DeltaPath path;
  const storage::TableInfo* table;
  int after = 0;
};

class RecommenderCrash : public ::testing::TestWithParam<Death> {
 protected:
  // The process that dies has to use the same directory as the one that looks at what is left.
  RecommenderCrash() {
    GTEST_FLAG_SET(death_test_style, "threadsafe");
    if (::getenv(variable)) return;
    directory_ = std::make_unique<storage::TemporaryDirectory>(storage::memory_directory());
    ::setenv(variable, directory_->path().c_str(), 1);
  }
  ~RecommenderCrash() override {
    if (directory_) ::unsetenv(variable);
  }

  static std::unique_ptr<RocksEngine> open() {
    return RocksEngine::open(fs::path(::getenv(variable)) / "store", schema(), {});
  }

  static void rate(storage::Store& store, const VideoId& rated) {
    run(store.commit(
        {}, storage::Batch().insert(video_ratings_by_user, {rated, UserId{}, 4, Timestamp{}})));
  }

  /// Counts three ratings and dies of the third.
  static void count_until_death() {
    const auto engine = open();
    auto watched = std::make_unique<storage::ForwardingEngine>(*engine);
    std::atomic<bool> deadly = false;
    std::atomic<int> commits = 0;
    watched->on_commit([&](const std::vector<storage::Mutation>& mutations) {
      for (const auto& mutation : mutations) {
        if (!deadly || mutation.table != GetParam().table) continue;
        if (commits++ == GetParam().after) ::kill(::getpid(), SIGKILL);
        return;
      }
    });
    storage::Store store(std::move(watched));
    rebuild_is_needed(store);
    TestRecommender recommender(store, GetParam().path);
    for (const int rated : {1, 2, 3}) {
      deadly = rated == 3;
      rate(store, video(rated));
      run(recommender->rated({}, video(rated), UserId{}));
    }
  }

  static constexpr auto variable = "KILLRVIDEO_TEST_RECOMMENDER_CRASH_DIRECTORY";
  std::unique_ptr<storage::TemporaryDirectory> directory_;
};

INSTANTIATE_TEST_SUITE_P(
    BeforeACommit, RecommenderCrash,
    ::testing::Values(Death{"one_batch", DeltaPath::one_batch, &suggestions_scores},
                      Death{"direct_likes", DeltaPath::direct, &suggestions_likes},
                      Death{"direct_first_video", DeltaPath::direct, &suggestions_scores},
                      Death{"direct_third_video", DeltaPath::direct, &suggestions_scores, 2},
                      Death{"direct_published_to", DeltaPath::direct, &suggestions_deltas, 1},
                      Death{"published_third_video", DeltaPath::published, &suggestions_scores, 2},
                      Death{"published_to", DeltaPath::published, &suggestions_deltas, 1}),
    [](const auto& death) { return death.param.name; });

TEST_P(RecommenderCrash, ScoresAndListsAreRightWhenTheEventComesAgain) {
  EXPECT_EXIT(count_until_death(), ::testing::KilledBySignal(SIGKILL), "");
  storage::Store store(open());
  const auto wanted = scores_by_definition(all_ratings(store));
  const auto left = stored_scores(store);
  EXPECT_TRUE(lists_are_right(store, left)) << "a list is written with its scores";
  EXPECT_EQ(left == wanted, GetParam().table == &suggestions_deltas);
  TestRecommender recommender(store, GetParam().path);
  for (int times = 0; times < 2; ++times) {
    run(recommender->rated({}, video(3), UserId{}));
    EXPECT_EQ(stored_scores(store), wanted);
    EXPECT_TRUE(lists_are_right(store, wanted));
  }
}

}  // namespace
}  // namespace killrvideo
