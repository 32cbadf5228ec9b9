// Handlers that are slow or fail for a while must not be in the way of other events.
#include <gmock/gmock.h>

#include "common/keyed_mutex.hpp"
#include "events/relay_fixture.hpp"
#include "video-catalog/video_catalog_events.pb.h"

namespace killrvideo {
namespace {

using testing::ElementsAre;
using video_catalog::events::YouTubeVideoAdded;

/// What handlers pass when it is open; they do not keep a thread meanwhile.
class Gate {
 public:
  Task<void> pass() { auto passing = co_await mutex_.lock(0); }
  void close() { run(take()); }
  void open() { closed_.reset(); }

 private:
  Task<void> take() { closed_.emplace(co_await mutex_.lock(0)); }

  KeyedMutex<int> mutex_;
  std::optional<KeyedMutex<int>::Lock> closed_;
};

class SlowHandlers : public RelayTest {
 protected:
  SlowHandlers() {
    handlers_.on<UserRatedVideo>("slow",
                                 [this](const Context&, const UserRatedVideo& event) -> Task<void> {
                                   co_await gate_.pass();
                                   seen_.add(event);
                                 });
  }

  Gate gate_;
  Seen seen_;
  EventHandlers handlers_;
};

TEST_F(SlowHandlers, HoldUpOnlyTheirOwnEvents) {
  std::atomic<int> videos = 0;
  handlers_.on<YouTubeVideoAdded>("quick", [&](const Context&, const auto&) -> Task<void> {
    ++videos;
    co_return;
  });
  Relay relay(*store_, handlers_, reading_once(), metrics_);
  gate_.close();
  for (int i = 0; i < 200; ++i) write_event(*store_, Uuid::random(), i);
  storage::Batch batch;
  add_event({}, batch, Uuid::random(), YouTubeVideoAdded());
  run(store_->commit({}, std::move(batch)));
  EXPECT_TRUE(eventually([&] { return videos == 1; }));
  EXPECT_EQ(seen_.count(), 0);
  gate_.open();
  EXPECT_TRUE(eventually([&] { return seen_.count() == 200; }));
}

TEST_F(SlowHandlers, ABacklogMakesNoDeadLettersOfWhatFailsOnce) {
  auto options = failing_fast(5);
  options.limits.waiting = 10;
  options.limits.in_flight = 1;
  Uuid first = Uuid::random();
  first.bytes.back() = 0;  // its shard is read before the others
  Uuid other = Uuid::random();
  other.bytes.back() = 1;
  write_event(*store_, first, 0);
  for (int i = 1; i < 30; ++i) write_event(*store_, other, i);
  std::atomic<bool> failed = false;
  const auto fail_once = [&](const Context&, const UserRatedVideo& event) -> Task<void> {
    if (event.rating() == 0 && !failed) {
      EXPECT_TRUE(eventually([&] { return metrics_.waiting == 10; }));
      failed = true;
      throw std::runtime_error("once");
    }
    seen_.add(event);
    co_return;
  };
  Relay relay(*store_, EventHandlers().on<UserRatedVideo>("fails once", fail_once), options,
              metrics_);
  EXPECT_TRUE(eventually([&] { return outbox_is_empty(); }));
  EXPECT_THAT(dead(), testing::IsEmpty());
  EXPECT_THAT(seen_.of(first), ElementsAre(0));
  EXPECT_EQ(seen_.of(other).size(), 29);
}

// A commit can take longer than readings look back, as on a disk that hangs.
TEST_F(SlowHandlers, WhatAppearsLateWhileThereIsNoRoomIsDelivered) {
  auto options = reading_once();
  options.limits.waiting = 1;
  Relay relay(*store_, handlers_, options, metrics_);
  gate_.close();
  const auto key = Uuid::random();
  write_event(*store_, key, 1);
  EXPECT_TRUE(eventually([&] { return metrics_.waiting == 1; }));
  write_event(*store_, Uuid::random(), 2, TimeUuid::at(now() - 1min, 7));
  gate_.open();
  EXPECT_TRUE(eventually([&] { return outbox_is_empty(); }));
  EXPECT_EQ(seen_.count(), 2);
}

}  // namespace
}  // namespace killrvideo
