// Events whose rows are not there, or not yet.
#include <gmock/gmock.h>

#include "events/relay_fixture.hpp"
#include "video-catalog/video_catalog_events.pb.h"

namespace killrvideo {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/// A handler that misses the rows of events with these numbers.
class InvisibleRow : public RelayTest {
 protected:
  InvisibleRow() {
    handlers_.on<UserRatedVideo>("looks",
                                 [this](const Context&, const UserRatedVideo& event) -> Task<void> {
                                   if (is_missing(event.rating())) {
                                     ++missed_;
                                     throw RowNotVisible("the row is not there yet");
                                   }
                                   seen_.add(event);
                                   co_return;
                                 });
  }

  void miss(std::set<int> numbers) {
    const std::lock_guard lock(mutex_);
    missing_ = std::move(numbers);
  }
  bool is_missing(int number) {
    const std::lock_guard lock(mutex_);
    return missing_.contains(number);
  }

  Seen seen_;
  std::atomic<int> missed_ = 0;
  EventHandlers handlers_;
  const Uuid key_ = Uuid::random();

 private:
  std::mutex mutex_;
  std::set<int> missing_;
};

TEST_F(InvisibleRow, IsNotWaitedForByLaterEventsOfItsKey) {
  auto options = reading_once();
  options.limits.retries.first_pause = options.limits.retries.longest_pause = 24h;
  Relay relay(*store_, handlers_, options, metrics_);
  miss({1, 2});
  const auto begin = std::chrono::steady_clock::now();
  for (int n = 1; n <= 4; ++n) write_event(*store_, key_, n);
  EXPECT_TRUE(eventually([&] { return seen_.count() == 2; }));
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 1s);
  EXPECT_THAT(seen_.of(key_), ElementsAre(3, 4));
  EXPECT_EQ(missed_, 2);
}

TEST_F(InvisibleRow, IsTriedAgainMoreOftenThanOtherFailuresAndTakenInTheEnd) {
  Relay relay(*store_, handlers_, failing_fast(3), metrics_);
  miss({1});
  write_event(*store_, key_, 1);
  write_event(*store_, key_, 2);
  ASSERT_TRUE(eventually([&] { return missed_ > 20; }));
  EXPECT_THAT(dead(), IsEmpty());
  EXPECT_EQ(store_.rows(outbox_events).size(), 1);
  miss({});
  EXPECT_TRUE(eventually([&] { return outbox_is_empty(); }));
  EXPECT_THAT(seen_.of(key_), ElementsAre(2, 1));
}

TEST_F(InvisibleRow, IsStillLookedForAfterACrash) {
  miss({1});
  {
    Relay relay(*store_, handlers_, failing_fast(3), metrics_);
    write_event(*store_, key_, 1);
    write_event(*store_, key_, 2);
    ASSERT_TRUE(eventually([&] { return missed_ > 0 && seen_.count() == 1; }));
  }
  miss({});
  Relay relay(*store_, handlers_, failing_fast(3), metrics_);
  EXPECT_TRUE(eventually([&] { return outbox_is_empty(); }));
  EXPECT_EQ(seen_.of(key_).back(), 1);
}

TEST_F(InvisibleRow, KeepsOutNoOthersWhenThereIsNoRoom) {
  auto options = failing_fast(1'000);
  options.limits.waiting = 4;
  Relay relay(*store_, handlers_, options, metrics_);
  miss({1});
  for (int i = 0; i < 8; ++i) write_event(*store_, Uuid::random(), 1);
  for (int i = 0; i < 8; ++i) write_event(*store_, Uuid::random(), 2);
  EXPECT_TRUE(eventually([&] { return seen_.count() == 8; }));
}

TEST_F(InvisibleRow, DoesNotExcuseAnotherHandlersFailure) {
  handlers_.on<UserRatedVideo>("fails", [](const Context&, const UserRatedVideo&) -> Task<void> {
    throw std::runtime_error("as always");
    co_return;
  });
  Relay relay(*store_, handlers_, failing_fast(3), metrics_);
  miss({1});
  write_event(*store_, key_, 1);
  ASSERT_TRUE(eventually([&] { return dead().size() == 1; }));
  EXPECT_EQ(dead()[0].tries, 3);
}

TEST_F(RelayTest, AnEventThatNobodyKnowsIsADeadLetter) {
  Seen seen;
  EventHandlers handlers;
  handlers.on<UserRatedVideo>("seen", remember_in(seen))
      .on_nobody<video_catalog::events::UploadedVideoAdded>();
  Relay relay(*store_, handlers, failing_fast(1'000), metrics_);
  const auto key = Uuid::random();
  for (const std::string type : {"killrvideo.other.events.FromTomorrow",
                                 "killrvideo.video_catalog.events.UploadedVideoAdded"}) {
    storage::Batch batch;
    batch.insert(outbox_events, new_event(key, type, {}, ""));
    run(store_->commit({}, std::move(batch)));
  }
  write_event(*store_, key, 1);
  ASSERT_TRUE(eventually([&] { return outbox_is_empty(); }));
  ASSERT_EQ(dead().size(), 1);
  EXPECT_EQ(dead()[0].type, "killrvideo.other.events.FromTomorrow");
  EXPECT_THAT(seen.of(key), ElementsAre(1));
}

}  // namespace
}  // namespace killrvideo
