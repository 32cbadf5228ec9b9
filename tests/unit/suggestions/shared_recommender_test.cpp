#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

#include <deque>

#include "events/forwarding_engine.hpp"
#include "suggestions/id_bytes.hpp"
#include "suggestions/like_counter.hpp"
#include "suggestions/ratings_model.hpp"
#include "suggestions/rebuild.hpp"
#include "suggestions/score_keeper.hpp"

namespace killrvideo {
namespace {

using namespace std::chrono_literals;
using recommender::events::ScoresChanged;

// What is on its way between processes: of one key in order, as Kafka has it.
class Wire {
 public:
  LikeCounter::Publish publish() {
    return [this](const Context&, const Uuid&,
                  const google::protobuf::Message& message) -> Task<void> {
      if (broken_after_ && (*broken_after_)-- == 0) {
        broken_after_.reset();
        throw Error(Code::unavailable, "the wire is broken");
      }
      messages_.push_back(dynamic_cast<const ScoresChanged&>(message));
      co_return;
    };
  }

  /// The message after so many is lost, and its sender learns of it.
  void break_after(std::size_t messages) { broken_after_ = messages; }

  /// Takes off all there is, and has one in three come twice.
  void deliver_to(ScoreKeeper& keeper) {
    for (std::size_t n = 0; !messages_.empty(); ++n) {
      run(keeper.add(messages_.front()));
      if (n % 3 == 0) run(keeper.add(messages_.front()));
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
  Process(storage::Store& store, const LikeCounter::Publish& publish)
      : made(store), counter(store, made, publish), keeper(store, made) {
    made.look();
  }

  MadeWatch made;
  LikeCounter counter;
  ScoreKeeper keeper;
};

struct SharedRecommenderTest : ::testing::Test {
  void rate(Process& process, int video_number, int user_number, int stars) {
    world_.rate(video_number, user_number, stars);
    count(process, video_number, user_number);
  }
  void count(Process& process, int video_number, int user_number) {
    run(process.counter.count({}, video(video_number), user(user_number)));
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
  void made_anew_at(Timestamp time) {
    run(store_->commit({}, storage::Batch().insert(suggestions_made, {"all", time})));
  }

  storage::TemporaryStore store_;
  // Says of an empty store that its suggestions are complete.
  const bool incomplete_ = rebuild_is_needed(*store_, Counting::by_partitions);
  World world_{*store_};
  Wire wire_;
  LikeCounter::Publish publish_ = wire_.publish();
  Process a_{*store_, publish_}, b_{*store_, publish_};
};

TEST_F(SharedRecommenderTest, WhatOneCountsAnotherOneAdds) {
  rate(a_, 1, 1, 5);
  rate(b_, 2, 1, 3);
  rate(a_, 2, 2, 4);
  EXPECT_THAT(store_.rows(suggestions_scores), testing::IsEmpty());
  wire_.deliver_to(b_.keeper);
  expect_exact();
}

TEST_F(SharedRecommenderTest, ARatingThatComesAgainAddsNothing) {
  for (int again = 0; again < 2; ++again) {
    for (int v = 0; v < 5; ++v) {
      if (again == 0) world_.rate(v, 1, 3 + v % 3);
      count(a_, v, 1);
    }
    EXPECT_EQ(wire_.messages().empty(), again == 1);
    wire_.deliver_to(a_.keeper);
  }
  expect_exact();
}

TEST_F(SharedRecommenderTest, AddsAllOfSeveralMessagesForOneVideo) {
  for (int u = 0; u < 20; ++u)
    for (int v = 0; v < 30; ++v) world_.rate(v, u, 3 + (u * v) % 3);
  const auto count_of = [&](int u) -> Task<void> {
    for (int v = 0; v < 30; ++v) co_await a_.counter.count({}, video(v), user(u));
  };
  std::atomic<int> left = 20;
  std::promise<void> all;
  for (int u = 0; u < 20; ++u)
    start(count_of(u), [&](const std::exception_ptr& error) {
      EXPECT_FALSE(error);
      if (--left == 0) all.set_value();
    });
  all.get_future().wait();
  wire_.deliver_to(b_.keeper);
  expect_exact();
}

TEST_F(SharedRecommenderTest, WhatWasNotHandedOverIsWhenTheRatingComesAgain) {
  rate_and_lose(2);
  const auto handed_over = wire_.messages().size();
  count(b_, 4, 1);
  EXPECT_GT(wire_.messages().size(), handed_over);
  wire_.deliver_to(b_.keeper);
  expect_exact();
}

TEST_F(SharedRecommenderTest, WhatWasNotHandedOverIsWithTheUsersNextRating) {
  rate_and_lose(0);
  rate(b_, 5, 1, 4);
  wire_.deliver_to(b_.keeper);
  expect_exact();
}

TEST_F(SharedRecommenderTest, WorksOnlyWhileSuggestionsAreComplete) {
  rate(a_, 1, 1, 5);
  run(ask_for_rebuild(*store_));
  a_.made.look();
  world_.rate(2, 1, 5);
  EXPECT_THROW(count(a_, 2, 1), Error);
  EXPECT_THROW(run(a_.keeper.add(wire_.messages().front())), Error);
}

TEST_F(SharedRecommenderTest, WhatIsOfScoresThatAreNoMoreIsNotAdded) {
  rate(a_, 1, 1, 5);
  rate(a_, 2, 1, 5);
  made_anew_at(Timestamp{1s});
  a_.made.look();
  wire_.deliver_to(a_.keeper);
  EXPECT_THAT(store_.rows(suggestions_scores), testing::IsEmpty());
}

TEST_F(SharedRecommenderTest, WhatIsOfNewerScoresThanAProcessKnowsWaits) {
  made_anew_at(Timestamp{1s});
  a_.made.look();
  rate(a_, 1, 1, 5);
  EXPECT_THROW(run(b_.keeper.add(wire_.messages().front())), Error);
  b_.made.look();
  wire_.deliver_to(b_.keeper);
  expect_exact();
}

TEST_F(SharedRecommenderTest, RefusesWhatItCannotRead) {
  const auto refused = [&](const ScoresChanged& message) {
    try {
      run(a_.keeper.add(message));
      return false;
    } catch (const Error& error) {
      return error.code() == Code::invalid_argument;
    }
  };
  ScoresChanged message;
  message.set_video_id("short");
  message.add_changes()->set_user_id(bytes_of(user(1)));
  EXPECT_TRUE(refused(message));
  message.set_video_id(bytes_of(video(1)));
  message.mutable_changes(0)->set_other_ids(bytes_of(video(2)));
  EXPECT_TRUE(refused(message)) << "an id without an amount";
}

TEST(MadeWatch, WhatItHasSeenCountsForSomeTimeOnly) {
  storage::TemporaryStore store;
  MadeWatch::Clock::time_point time{};
  auto engine = std::make_unique<storage::ForwardingEngine>(store->engine());
  auto& cable = *engine;
  storage::Store through(std::move(engine));
  MadeWatch watch(through, [&] { return time; });
  watch.look();
  EXPECT_EQ(watch.made_at(), std::nullopt);
  rebuild_is_needed(*store, Counting::by_partitions);
  watch.look();
  const auto made_at = watch.made_at();
  EXPECT_TRUE(made_at);
  cable.unplug();
  time += MadeWatch::valid - 1ms;
  watch.look();
  EXPECT_EQ(watch.made_at(), made_at);
  time += 1ms;
  EXPECT_EQ(watch.made_at(), std::nullopt);
}

// Whatever is rated, in whichever process it is counted, and wherever one dies.
RC_GTEST_PROP(SharedRecommender, ScoresEqualThoseOfAllRatings, ()) {
  storage::TemporaryStore store;
  rebuild_is_needed(*store, Counting::by_partitions);
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
        run(process->counter.count({}, video(v), user(u)));
        counted = true;
      } catch (const Error&) {
        process = process == &a ? &b : &a;
      }
    if (*rc::gen::inRange(0, 3) == 0)
      wire.deliver_to(*rc::gen::inRange(0, 2) == 0 ? a.keeper : b.keeper);
  }
  wire.deliver_to(a.keeper);
  const auto wanted = scores_by_definition(all_ratings(*store));
  RC_ASSERT(stored_scores(*store) == wanted);
  RC_ASSERT(lists_are_right(*store, wanted));
}

}  // namespace
}  // namespace killrvideo
