// kill -9 between the two commits of the recommender. The process that dies is this test, started
// again by GoogleTest's death test; what it leaves is then set right here.
#include <gtest/gtest.h>
#include <signal.h>
#include <stdlib.h>

#include <filesystem>

#include "app/schema.hpp"
#include "events/forwarding_engine.hpp"
#include "suggestions/ratings_model.hpp"
#include "suggestions/recommender.hpp"

namespace killrvideo {
namespace {

namespace fs = std::filesystem;
using storage::rocksdb_engine::RocksEngine;

class RecommenderCrash : public ::testing::Test {
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

  /// Counts two ratings and dies when what the second one has changed is about to come to lists.
  static void count_until_death() {
    const auto engine = open();
    auto watched = std::make_unique<storage::ForwardingEngine>(*engine);
    bool deadly = false;
    watched->on_commit([&](const std::vector<storage::Mutation>& mutations) {
      for (const auto& mutation : mutations)
        if (deadly && mutation.table == &suggestions_related) ::kill(::getpid(), SIGKILL);
    });
    storage::Store store(std::move(watched));
    Recommender recommender(store);
    for (const VideoId& rated : {video(1), video(2)}) {
      deadly = rated == video(2);
      rate(store, rated);
      run(recommender.rated({}, rated, UserId{}));
    }
  }

  static constexpr auto variable = "KILLRVIDEO_TEST_RECOMMENDER_CRASH_DIRECTORY";
  std::unique_ptr<storage::TemporaryDirectory> directory_;
};

TEST_F(RecommenderCrash, BetweenScoresAndListsTheEventThatComesAgainFindsTheNote) {
  EXPECT_EXIT(count_until_death(), ::testing::KilledBySignal(SIGKILL), "");
  storage::Store store(open());
  const auto wanted = scores_by_definition(all_ratings(store));
  EXPECT_EQ(stored_scores(store), wanted) << "the first commit is there";
  EXPECT_FALSE(lists_are_right(store, wanted)) << "the second is not";
  EXPECT_EQ(run(store.scan({}, suggestions_unlisted, {}, 10)).rows.size(), 1);
  Recommender recommender(store);
  run(recommender.rated({}, video(2), UserId{}));
  EXPECT_EQ(stored_scores(store), wanted);
  EXPECT_TRUE(lists_are_right(store, wanted));
  EXPECT_TRUE(run(store.scan({}, suggestions_unlisted, {}, 10)).rows.empty());
}

}  // namespace
}  // namespace killrvideo
