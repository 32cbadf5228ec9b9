#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

#include <deque>

#include "common/time_limits.hpp"
#include "storage/forwarding_engine.hpp"
#include "suggestions/ratings_model.hpp"
#include "suggestions/rebuild.hpp"
#include "suggestions/user_likes.hpp"

namespace killrvideo {
namespace {

using namespace std::chrono_literals;
using recommender::events::ScoresChanged;

// What is on its way between processes: of one key in order, as Kafka has it.
class Wire {
 public:
  UserLikes::Publish publish() {
    return [this](const Context&, const ScoresChanged& message) -> Task<void> {
      if (broken_after_ && (*broken_after_)-- == 0) {
        broken_after_.reset();
        throw Error(Code::unavailable, "the wire is broken");
      }
      messages_.push_back(message);
      co_return;
    };
  }

  /// The message after so many is lost, and its sender learns of it.
  void break_after(std::size_t messages) { broken_after_ = messages; }

  /// Takes off all there is, and has one in three come twice.
  void deliver_to(VideoScores& scores) {
    for (std::size_t n = 0; !messages_.empty(); ++n) {
      run(scores.add(messages_.front()));
      if (n % 3 == 0) run(scores.add(messages_.front()));
      messages_.pop_front();
    }
  }

  const std::deque<ScoresChanged>& messages() const { return messages_; }

 private:
  std::deque<ScoresChanged> messages_;
  std::optional<std::size_t> broken_after_;
};

// A process that takes part.
struct Process {
  Process(storage::Store& store, const UserLikes::Publish& publish)
      : epoch(store), scores(store, epoch, changes), likes(store, epoch, changes, publish) {
    epoch.look();
  }

  RebuildEpoch epoch;
  ChangeCounters changes;
  VideoScores scores;
  UserLikes likes;
};

struct PublishedDeltasTest : ::testing::Test {
  void rate(Process& process, int video_number, int user_number, int stars) {
    world_.rate(video_number, user_number, stars);
    count(process, video_number, user_number);
  }
  void count(Process& process, int video_number, int user_number) {
    run(process.likes.count({}, video(video_number), user(user_number)));
  }
  void expect_exact() {
    const auto wanted = scores_by_definition(all_ratings(*store_));
    EXPECT_EQ(stored_scores(*store_), wanted);
    EXPECT_TRUE(lists_are_right(*store_, wanted));
  }
  // A rating that is counted, and of which the message after so many is lost.
  void rate_and_lose(std::size_t after) {
    for (int v = 0; v < 4; ++v) rate(a_, v, 1, 5);
    wire_.break_after(after);
    world_.rate(4, 1, 5);
    EXPECT_THROW(count(a_, 4, 1), Error);
  }
  void rebuilt_at(Timestamp time) {
    run(store_->commit({}, storage::Batch().insert(suggestions_epoch, {"all", time})));
  }

  storage::TemporaryStore store_;
  // Says of an empty store that its suggestions are complete.
  const bool incomplete_ = rebuild_is_needed(*store_);
  World world_{*store_};
  Wire wire_;
  UserLikes::Publish publish_ = wire_.publish();
  Process a_{*store_, publish_}, b_{*store_, publish_};
};

TEST_F(PublishedDeltasTest, WhatOneCountsAnotherOneAdds) {
  rate(a_, 1, 1, 5);
  rate(b_, 2, 1, 3);
  rate(a_, 2, 2, 4);
  EXPECT_THAT(store_.rows(suggestions_scores), testing::IsEmpty());
  wire_.deliver_to(b_.scores);
  expect_exact();
}

TEST_F(PublishedDeltasTest, ARatingThatComesAgainAddsNothing) {
  for (int again = 0; again < 2; ++again) {
    for (int v = 0; v < 5; ++v) {
      if (again == 0) world_.rate(v, 1, 3 + v % 3);
      count(a_, v, 1);
    }
    EXPECT_EQ(wire_.messages().empty(), again == 1);
    wire_.deliver_to(a_.scores);
  }
  expect_exact();
}

TEST_F(PublishedDeltasTest, AddsAllOfSeveralMessagesForOneVideo) {
  for (int u = 0; u < 20; ++u)
    for (int v = 0; v < 30; ++v) world_.rate(v, u, 3 + (u * v) % 3);
  const auto count_of = [&](int u) -> Task<void> {
    for (int v = 0; v < 30; ++v) co_await a_.likes.count({}, video(v), user(u));
  };
  std::atomic<int> left = 20;
  std::promise<void> all;
  for (int u = 0; u < 20; ++u)
    start(count_of(u), [&](const std::exception_ptr& error) {
      EXPECT_FALSE(error);
      if (--left == 0) all.set_value();
    });
  all.get_future().wait();
  wire_.deliver_to(b_.scores);
  expect_exact();
}

TEST_F(PublishedDeltasTest, WhatWasNotPublishedIsWhenTheRatingComesAgain) {
  rate_and_lose(2);
  const auto published = wire_.messages().size();
  count(b_, 4, 1);
  EXPECT_GT(wire_.messages().size(), published);
  wire_.deliver_to(b_.scores);
  expect_exact();
}

TEST_F(PublishedDeltasTest, WhatWasNotPublishedIsWithTheUsersNextRating) {
  rate_and_lose(0);
  rate(b_, 5, 1, 4);
  wire_.deliver_to(b_.scores);
  expect_exact();
}

TEST_F(PublishedDeltasTest, WorksOnlyWhileSuggestionsAreComplete) {
  rate(a_, 1, 1, 5);
  run(ask_for_rebuild(*store_));
  a_.epoch.look();
  world_.rate(2, 1, 5);
  EXPECT_THROW(count(a_, 2, 1), Error);
  EXPECT_THROW(run(a_.scores.add(wire_.messages().front())), Error);
}

TEST_F(PublishedDeltasTest, DeltasOfAnEarlierEpochAreNotAdded) {
  rate(a_, 1, 1, 5);
  rate(a_, 2, 1, 5);
  rebuilt_at(Timestamp{1s});
  a_.epoch.look();
  wire_.deliver_to(a_.scores);
  EXPECT_THAT(store_.rows(suggestions_scores), testing::IsEmpty());
}

TEST_F(PublishedDeltasTest, DeltasOfALaterEpochThanAProcessKnowsWait) {
  rebuilt_at(Timestamp{1s});
  a_.epoch.look();
  rate(a_, 1, 1, 5);
  EXPECT_THROW(run(b_.scores.add(wire_.messages().front())), Error);
  b_.epoch.look();
  wire_.deliver_to(b_.scores);
  expect_exact();
}

TEST_F(PublishedDeltasTest, RefusesWhatItCannotRead) {
  const auto refused = [&](const ScoresChanged& message) {
    try {
      run(a_.scores.add(message));
      return false;
    } catch (const Error& error) {
      return error.code() == Code::invalid_argument;
    }
  };
  ScoresChanged message;
  message.set_video_id("short");
  message.add_changes()->set_user_id(std::string(user(1).view()));
  EXPECT_TRUE(refused(message));
  message.set_video_id(std::string(video(1).view()));
  message.mutable_changes(0)->set_other_ids(std::string(video(2).view()));
  EXPECT_TRUE(refused(message)) << "an id without an amount";
}

TEST(RebuildEpoch, WhatItHasSeenCountsForSomeTimeOnly) {
  storage::TemporaryStore store;
  RebuildEpoch::Clock::time_point time{};
  auto engine = std::make_unique<storage::ForwardingEngine>(store->engine());
  auto& cable = *engine;
  storage::Store through(std::move(engine));
  RebuildEpoch watch(through, [&] { return time; });
  watch.look();
  EXPECT_EQ(watch.known(), std::nullopt);
  rebuild_is_needed(*store);
  watch.look();
  const auto epoch = watch.known();
  EXPECT_TRUE(epoch);
  cable.unplug();
  time += time_limits::epoch_valid - 1ms;
  watch.look();
  EXPECT_EQ(watch.known(), epoch);
  time += 1ms;
  EXPECT_EQ(watch.known(), std::nullopt);
}

// Whatever is rated, in whichever process it is counted, and wherever one dies.
RC_GTEST_PROP(PublishedDeltas, ScoresEqualThoseOfAllRatings, ()) {
  storage::TemporaryStore store;
  rebuild_is_needed(*store);
  World world(*store);
  Wire wire;
  const auto publish = wire.publish();
  Process a(*store, publish), b(*store, publish);
  const auto count = *rc::gen::inRange(1, 60);
  for (int i = 0; i < count; ++i) {
    const auto v = *rc::gen::inRange(0, 8);
    const auto u = *rc::gen::inRange(0, 3);
    world.rate(v, u, *rc::gen::inRange(1, 6));
    if (*rc::gen::inRange(0, 4) == 0)
      wire.break_after(static_cast<std::size_t>(*rc::gen::inRange(0, 6)));
    Process* process = *rc::gen::inRange(0, 2) == 0 ? &a : &b;
    for (bool counted = false; !counted;) try {
        run(process->likes.count({}, video(v), user(u)));
        counted = true;
      } catch (const Error&) {
        process = process == &a ? &b : &a;
      }
    if (*rc::gen::inRange(0, 3) == 0)
      wire.deliver_to(*rc::gen::inRange(0, 2) == 0 ? a.scores : b.scores);
  }
  wire.deliver_to(a.scores);
  const auto wanted = scores_by_definition(all_ratings(*store));
  RC_ASSERT(stored_scores(*store) == wanted);
  RC_ASSERT(lists_are_right(*store, wanted));
}

}  // namespace
}  // namespace killrvideo
