// Several processes on one store: stores that share an engine stand for them.
#include <gmock/gmock.h>

#include "events/relay_fixture.hpp"
#include "storage/forwarding_engine.hpp"

namespace killrvideo {
namespace {

using testing::ElementsAre;

class SharedOutbox : public RelayTest {
 protected:
  struct Process {
    Process(storage::Engine& engine, const Relay::Options& options, Seen& seen)
        : Process(std::make_unique<storage::ForwardingEngine>(engine), options, seen) {}

    storage::ForwardingEngine* wire;
    std::atomic<int> pages = 0;  // that it has read
    storage::Store store;
    EventMetrics metrics;
    Relay relay;

   private:
    Process(std::unique_ptr<storage::ForwardingEngine> engine, const Relay::Options& options,
            Seen& seen)
        : wire(engine.get()),
          store(counting(std::move(engine), pages)),
          relay(store, EventHandlers().on<UserRatedVideo>("seen", remember_in(seen)), options,
                metrics) {}

    static std::unique_ptr<storage::Engine> counting(
        std::unique_ptr<storage::ForwardingEngine> engine, std::atomic<int>& pages) {
      engine->on_slice([&](const storage::TableInfo&, const storage::RawSliceQuery&) { ++pages; });
      return engine;
    }
  };

  static constexpr auto rescan_interval = 20ms;

  std::unique_ptr<Process> start_process(Seen& seen, std::chrono::milliseconds interval = 5ms,
                                         std::chrono::milliseconds lease_duration = 500ms) {
    Relay::Options options;
    options.shared = true;
    options.reading_interval = interval;
    options.rescan_interval = rescan_interval;
    options.lease_duration = lease_duration;
    return std::make_unique<Process>(store_->engine(), options, seen);
  }
};

TEST_F(SharedOutbox, OneProcessDeliversWhatAllOfThemWrite) {
  Seen first, second;
  auto a = start_process(first);
  auto b = start_process(second);
  const auto key = Uuid::random();
  for (int i = 0; i < 50; ++i) write_event(i % 2 == 0 ? a->store : b->store, key, i);
  ASSERT_TRUE(eventually([&] { return outbox_is_empty(); }));
  // Which one it is may change when the machine is slow; each event has been with one of them.
  EXPECT_GE(first.count() + second.count(), 50);
}

TEST_F(SharedOutbox, OnlyTheOneThatDeliversReadsIt) {
  Seen first, second;
  auto a = start_process(first, 5ms, 1h);
  ASSERT_TRUE(eventually([&] { return a->pages > 0; }));
  auto b = start_process(second, 5ms, 1h);
  write_event(b->store, Uuid::random(), 1);
  ASSERT_TRUE(eventually([&] { return outbox_is_empty(); }));
  EXPECT_EQ(b->pages, 0);
}

TEST_F(SharedOutbox, WhatADeadProcessLeftIsDeliveredByAnother) {
  Seen first, second;
  auto a = start_process(first);
  const auto key = Uuid::random();
  write_event(a->store, key, 1);
  ASSERT_TRUE(eventually([&] { return outbox_is_empty(); }));
  auto b = start_process(second);
  a->wire->unplug();
  write_event(b->store, key, 2);
  write_event(b->store, key, 3);
  ASSERT_TRUE(eventually([&] { return outbox_is_empty(); }));
  EXPECT_THAT(second.of(key), ElementsAre(2, 3));
}

TEST_F(SharedOutbox, AProcessThatEndsHandsOver) {
  Seen first, second;
  auto a = start_process(first);
  auto b = start_process(second);
  a.reset();
  write_event(b->store, Uuid::random(), 1);
  ASSERT_TRUE(eventually([&] { return outbox_is_empty(); }));
  EXPECT_GE(second.count(), 1);
}

// As of a call that waited for a node that hung.
TEST_F(SharedOutbox, WhatAppearsLateIsDeliveredToo) {
  Seen seen;
  auto process = start_process(seen);
  const auto key = Uuid::random();
  write_event(process->store, key, 1);
  ASSERT_TRUE(eventually([&] { return outbox_is_empty(); }));
  write_event(process->store, key, 2, TimeUuid::at(now() - 40s, 7));
  EXPECT_TRUE(eventually([&] { return outbox_is_empty(); }));
  EXPECT_THAT(seen.of(key), ElementsAre(1, 2));
}

// What the holder itself commits must not overtake what another process has committed before.
TEST_F(SharedOutbox, EventsOfAKeyComeInOrderWhoeverWroteThem) {
  Seen first, second;
  auto a = start_process(first, 24h, 1h);
  ASSERT_TRUE(eventually([&] {
    write_event(a->store, Uuid::random(), 0);
    return first.count() > 0;
  }));
  auto b = start_process(second, 24h, 1h);
  const auto key = Uuid::random();
  std::vector<int> numbers;
  for (int i = 1; i <= 40; ++i) {
    write_event(i % 4 == 0 ? a->store : b->store, key, i);
    numbers.push_back(i);
  }
  ASSERT_TRUE(eventually([&] { return outbox_is_empty(); }));
  EXPECT_EQ(first.of(key), numbers);
}

TEST_F(RelayTest, NothingIsDeliveredOnceTheLeaseIsLost) {
  const auto key = Uuid::random();
  write_event(*store_, key, 1);
  write_event(*store_, key, 2);
  write_event(*store_, Uuid::random(), 3);
  Seen seen;
  std::atomic<bool> held = true;
  const auto lose = [&](const Context&, const UserRatedVideo& event) -> Task<void> {
    seen.add(event);
    held = false;
    co_return;
  };
  OutboxSource outbox(*store_);
  Deliveries deliveries(outbox, EventHandlers().on<UserRatedVideo>("loses", lose), {.in_flight = 1},
                        metrics_, [&] { return held.load(); });
  for (OutboxEvent& event : run(store_->scan(context_, outbox_events, {}, 100)).rows)
    deliveries.offer(std::move(event));
  ASSERT_TRUE(eventually([&] { return deliveries.fenced(); }));
  held = true;  // got again: another one may have delivered meanwhile
  deliveries.stop();
  EXPECT_EQ(seen.count(), 1);
  EXPECT_EQ(store_.rows(outbox_events).size(), 3);
}

}  // namespace
}  // namespace killrvideo
