#include <gmock/gmock.h>

#include <barrier>
#include <future>
#include <numeric>

#include "events/relay_fixture.hpp"
#include "storage/forwarding_engine.hpp"

namespace killrvideo {
namespace {

using testing::ElementsAre;

TEST_F(RelayTest, DeliversWhatIsCommittedWithoutReadingAndTakesItOff) {
  Seen seen;
  Relay relay(*store_, EventHandlers().on<UserRatedVideo>("seen", remember_in(seen)),
              reading_once(), metrics_);
  const auto key = Uuid::random();
  for (int i = 0; i < 3; ++i) {
    write_event(*store_, key, i);
    ASSERT_TRUE(eventually([&] { return seen.count() == static_cast<std::size_t>(i) + 1; }));
  }
  EXPECT_THAT(seen.of(key), ElementsAre(0, 1, 2));
  EXPECT_TRUE(eventually([&] { return outbox_is_empty(); }));
  EXPECT_TRUE(eventually([&] { return metrics_.waiting == 0; }));
  EXPECT_EQ(metrics_.handler("seen").tries.count(), 3);
  EXPECT_EQ(metrics_.handler("seen").lag.count(), 3);
}

TEST_F(RelayTest, DeliversWhatWasLeftInTheOrderOfEachKey) {
  const std::vector<Uuid> keys{Uuid::random(), Uuid::random(), Uuid::random()};
  std::vector<int> numbers(700);
  std::iota(numbers.begin(), numbers.end(), 0);
  for (int number : numbers)
    for (const Uuid& key : keys) write_event(*store_, key, number);
  Seen seen;
  Relay relay(*store_, EventHandlers().on<UserRatedVideo>("seen", remember_in(seen)),
              reading_once(), metrics_);
  EXPECT_TRUE(eventually([&] { return outbox_is_empty(); }));
  for (const Uuid& key : keys) EXPECT_EQ(seen.of(key), numbers);
}

TEST_F(RelayTest, TakesOffWhatNobodyListensTo) {
  write_event(*store_, Uuid::random(), 1);
  Relay relay(*store_, {}, reading_once(), metrics_);
  write_event(*store_, Uuid::random(), 2);
  EXPECT_TRUE(eventually([&] { return outbox_is_empty(); }));
}

TEST_F(RelayTest, KeepsTheOrderOfAKeyWhileManyWrite) {
  constexpr std::size_t writers = 8;
  constexpr int events = 300;
  Seen seen;
  auto options = reading_once();
  options.limits.waiting = 20;  // so that most have to be read from the outbox
  {
    Relay relay(*store_, EventHandlers().on<UserRatedVideo>("seen", remember_in(seen)), options,
                metrics_);
    std::vector<Uuid> keys;
    for (std::size_t i = 0; i < writers; ++i) keys.push_back(Uuid::random());
    std::vector<int> numbers(events);
    std::iota(numbers.begin(), numbers.end(), 0);
    {
      std::vector<std::jthread> threads;
      for (std::size_t i = 0; i < writers; ++i)
        threads.emplace_back([&, i] {
          for (int number : numbers) write_event(*store_, keys[i], number);
        });
    }
    EXPECT_TRUE(eventually([&] { return outbox_is_empty(); }));
    for (const Uuid& key : keys) EXPECT_EQ(seen.of(key), numbers);
  }
}

TEST_F(RelayTest, WorksOnDifferentKeysAtTheSameTime) {
  std::barrier both(2);  // neither handler goes on before the other has begun
  std::atomic<int> done = 0;
  auto meet = [&](const Context&, const UserRatedVideo&) -> Task<void> {
    both.arrive_and_wait();
    ++done;
    co_return;
  };
  Relay relay(*store_, EventHandlers().on<UserRatedVideo>("meets", meet), reading_once(), metrics_);
  write_event(*store_, Uuid::random(), 1);
  write_event(*store_, Uuid::random(), 1);
  EXPECT_TRUE(eventually([&] { return done == 2; }));
}

TEST_F(RelayTest, TriesAgainWhatFailedButNotWhatSucceeded) {
  Seen seen;
  std::atomic<int> tries = 0;
  auto fail_twice = [&](const Context&, const UserRatedVideo&) -> Task<void> {
    if (++tries < 3) throw std::runtime_error("not yet");
    co_return;
  };
  Relay relay(*store_,
              EventHandlers()
                  .on<UserRatedVideo>("fails twice", fail_twice)
                  .on<UserRatedVideo>("seen", remember_in(seen)),
              failing_fast(5), metrics_);
  const auto key = Uuid::random();
  write_event(*store_, key, 1);
  EXPECT_TRUE(eventually([&] { return tries == 3 && outbox_is_empty(); }));
  EXPECT_EQ(seen.count(), 1);
  EXPECT_EQ(metrics_.handler("fails twice").failures.value(), 2);
  EXPECT_EQ(metrics_.handler("fails twice").tries.count(), 3);
  EXPECT_THAT(dead(), testing::IsEmpty());
}

class AlwaysFailing : public RelayTest {
 protected:
  AlwaysFailing() {
    handlers_
        .on<UserRatedVideo>("fails",
                            [this](const Context&, const UserRatedVideo& event) -> Task<void> {
                              if (healed_) {
                                healed_seen_.add(event);
                                co_return;
                              }
                              throw std::runtime_error("as always");
                            })
        .on<UserRatedVideo>("seen", remember_in(seen_));
  }

  Seen seen_, healed_seen_;
  std::atomic<bool> healed_ = false;
  EventHandlers handlers_;
};

TEST_F(AlwaysFailing, EventsBecomeDeadLettersAndTheNextOfTheKeyComes) {
  Relay relay(*store_, handlers_, failing_fast(3), metrics_);
  const auto key = Uuid::random();
  write_event(*store_, key, 1);
  write_event(*store_, key, 2);
  ASSERT_TRUE(eventually([&] { return dead().size() == 2; }));
  EXPECT_THAT(seen_.of(key), ElementsAre(1, 2));
  EXPECT_TRUE(outbox_is_empty());
  const auto letters = dead();
  EXPECT_EQ(letters[0].handlers, "fails");
  EXPECT_EQ(letters[0].error, "as always");
  EXPECT_EQ(letters[0].tries, 3);
  EXPECT_EQ(letters[0].key, key);
  EXPECT_EQ(letters[0].type, UserRatedVideo().GetTypeName());
  EXPECT_TRUE(eventually([&] { return metrics_.handler("fails").dead_letters.value() == 2; }));
  EXPECT_EQ(metrics_.handler("seen").dead_letters.value(), 0);
}

TEST_F(RelayTest, WhatCanNeverBeHandledIsADeadLetterAtOnce) {
  Seen seen;
  const auto refuse = [&](const Context&, const UserRatedVideo& event) -> Task<void> {
    if (event.rating() == 1) throw invalid("rating", "is not allowed");
    seen.add(event);
    co_return;
  };
  Relay relay(*store_, EventHandlers().on<UserRatedVideo>("refuses", refuse), failing_fast(1'000),
              metrics_);
  const auto key = Uuid::random();
  write_event(*store_, key, 1);
  write_event(*store_, key, 2);
  ASSERT_TRUE(eventually([&] { return outbox_is_empty(); }));
  EXPECT_THAT(seen.of(key), ElementsAre(2));
  ASSERT_EQ(dead().size(), 1);
  EXPECT_EQ(dead()[0].tries, 1);
}

TEST_F(AlwaysFailing, WithoutALimitOfTriesEventsWaitForAsLongAsItTakes) {
  auto options = failing_fast(0);
  options.limits.waiting = 2;
  Relay relay(*store_, handlers_, options, metrics_);
  for (int n = 0; n < 4; ++n) write_event(*store_, Uuid::random(), n);
  ASSERT_TRUE(eventually([&] { return metrics_.handler("fails").tries.count() > 50; }));
  EXPECT_TRUE(dead().empty());
  healed_ = true;
  EXPECT_TRUE(eventually([&] { return outbox_is_empty(); }));
  EXPECT_EQ(healed_seen_.count(), 4);
}

// A handler that cannot reach its engine for some events, or for all.
class EngineAway : public RelayTest {
 protected:
  EngineAway() {
    handlers_.on<UserRatedVideo>("stores",
                                 [this](const Context&, const UserRatedVideo& event) -> Task<void> {
                                   ++tries_;
                                   if (away_ || event.rating() == 0)
                                     throw Error(Code::unavailable, "does not answer");
                                   seen_.add(event);
                                   co_return;
                                 });
  }

  Seen seen_;
  std::atomic<bool> away_ = true;
  std::atomic<int> tries_ = 0;
  EventHandlers handlers_;
};

TEST_F(EngineAway, MakesNoDeadLetters) {
  auto options = failing_fast(3);
  options.limits.waiting = 4;  // and those that fail are in the way of others
  Relay relay(*store_, handlers_, options, metrics_);
  for (int n = 1; n <= 8; ++n) write_event(*store_, Uuid::random(), n);
  ASSERT_TRUE(eventually([&] { return tries_ > 100; }));
  EXPECT_THAT(dead(), testing::IsEmpty());
  away_ = false;
  EXPECT_TRUE(eventually([&] { return outbox_is_empty(); }));
  EXPECT_EQ(seen_.count(), 8);
  EXPECT_THAT(dead(), testing::IsEmpty());
}

TEST_F(EngineAway, IsNoExcuseForOneEventWhereOthersPass) {
  away_ = false;
  Relay relay(*store_, handlers_, failing_fast(3), metrics_);
  write_event(*store_, Uuid::random(), 0);
  for (int n = 1; dead().empty() && n < 2'000; ++n) write_event(*store_, Uuid::random(), n);
  ASSERT_EQ(dead().size(), 1);
  EXPECT_EQ(dead()[0].error, "does not answer");
}

TEST_F(AlwaysFailing, NothingOfOtherKeysWaits) {
  auto options = failing_fast(1'000);
  options.limits.retries.longest_pause = 1h;
  options.limits.retries.first_pause = 1h;
  options.limits.in_flight = 1;
  Seen others;
  handlers_ = EventHandlers().on<UserRatedVideo>(
      "picky", [&](const Context&, const UserRatedVideo& event) -> Task<void> {
        if (event.rating() == 0) throw std::runtime_error("not a zero");
        others.add(event);
        co_return;
      });
  Relay relay(*store_, handlers_, options, metrics_);
  const auto blocked = Uuid::random();
  write_event(*store_, blocked, 0);
  write_event(*store_, blocked, 1);
  for (int i = 1; i <= 100; ++i) write_event(*store_, Uuid::random(), i);
  EXPECT_TRUE(eventually([&] { return others.count() == 100; }));
  EXPECT_THAT(others.of(blocked), testing::IsEmpty());
}

TEST_F(AlwaysFailing, ThoseThatFailMakeRoomForOthers) {
  auto options = failing_fast(1'000'000);
  options.limits.waiting = 10;
  Relay relay(*store_, handlers_, options, metrics_);
  for (int i = 0; i < 100; ++i) write_event(*store_, Uuid::random(), i);
  EXPECT_TRUE(eventually([&] { return seen_.count() >= 100; }));
}

TEST_F(AlwaysFailing, DeadLettersCanBeSentAgain) {
  Relay relay(*store_, handlers_, failing_fast(1), metrics_);
  const auto key = Uuid::random();
  write_event(*store_, key, 1);
  write_event(*store_, key, 2);
  write_event(*store_, key, 3);
  ASSERT_TRUE(eventually([&] { return dead().size() == 3; }));
  healed_ = true;
  const auto first = dead()[0].eventid;
  EXPECT_EQ(run(settle_dead_letters(*store_, context_, DeadLetterAction::resend, first)), 1);
  EXPECT_TRUE(eventually([&] { return healed_seen_.count() == 1; }));
  EXPECT_THAT(healed_seen_.of(key), ElementsAre(1));
  EXPECT_EQ(run(settle_dead_letters(*store_, context_, DeadLetterAction::resend, {})), 2);
  EXPECT_TRUE(eventually([&] { return outbox_is_empty(); }));
  EXPECT_THAT(healed_seen_.of(key), ElementsAre(1, 2, 3));
  EXPECT_THAT(dead(), testing::IsEmpty());
}

TEST_F(AlwaysFailing, DeadLettersCanBeDiscarded) {
  {
    Relay relay(*store_, handlers_, failing_fast(1), metrics_);
    write_event(*store_, Uuid::random(), 1);
    write_event(*store_, Uuid::random(), 2);
    ASSERT_TRUE(eventually([&] { return dead().size() == 2; }));
  }
  const auto discard = DeadLetterAction::discard;
  EXPECT_THROW(run(settle_dead_letters(*store_, context_, discard, TimeUuid::now())), Error);
  EXPECT_EQ(run(settle_dead_letters(*store_, context_, discard, dead()[1].eventid)), 1);
  EXPECT_EQ(run(settle_dead_letters(*store_, context_, discard, {})), 1);
  EXPECT_THAT(dead(), testing::IsEmpty());
  EXPECT_TRUE(outbox_is_empty());
}

TEST_F(RelayTest, EndsWhileEventsWaitAndTheNextOneDeliversThem) {
  Seen seen;
  const auto key = Uuid::random();
  {
    auto options = failing_fast(1'000);
    options.limits.retries.first_pause = options.limits.retries.longest_pause = 1h;
    auto fail = [](const Context&, const UserRatedVideo&) -> Task<void> {
      throw std::runtime_error("no");
      co_return;
    };
    Relay relay(*store_, EventHandlers().on<UserRatedVideo>("fails", fail), options, metrics_);
    write_event(*store_, key, 1);
    write_event(*store_, key, 2);
    ASSERT_TRUE(eventually([&] { return metrics_.handler("fails").failures.value() == 1; }));
  }
  Relay relay(*store_, EventHandlers().on<UserRatedVideo>("seen", remember_in(seen)),
              reading_once(), metrics_);
  EXPECT_TRUE(eventually([&] { return outbox_is_empty(); }));
  EXPECT_THAT(seen.of(key), ElementsAre(1, 2));
}

TEST_F(RelayTest, ReadsOnFromWhereTheLastOneHasComeTo) {
  auto shared = std::make_unique<storage::ForwardingEngine>(store_->engine());
  std::atomic<std::size_t> pages = 0;
  shared->on_slice([&](const storage::TableInfo&, const storage::RawSliceQuery&) { ++pages; });
  storage::Store watched(std::move(shared));
  auto options = reading_once();
  options.shared = true;
  Seen seen;
  const auto handlers = EventHandlers().on<UserRatedVideo>("seen", remember_in(seen));
  const auto read_by_a_relay = [&] {
    pages = 0;
    Relay relay(watched, handlers, options, metrics_);
    write_event(watched, Uuid::random(), 1);
    const auto before = seen.count();
    EXPECT_TRUE(eventually([&] { return seen.count() > before || outbox_is_empty(); }));
    relay.stop();
    return pages.load();
  };
  // One that ends before it has read everything does not say how far it has come. The first that
  // reads everything does not know better than to begin an hour ago, and the next ones go back ten
  // minutes, as a cluster may take so long to finish a batch.
  EXPECT_TRUE(eventually([&] { return read_by_a_relay() >= 60 * storage::queue_shards; }));
  EXPECT_TRUE(eventually([&] { return read_by_a_relay() <= 20 * storage::queue_shards; }));
}

// The clock was set back, or was wrong for a while, and then the process died.
TEST_F(RelayTest, DeliversWhatWasWrittenAtAnyTime) {
  storage::Batch positions;
  for (std::int32_t shard = 0; shard < storage::queue_shards; ++shard)
    positions.insert(storage::queue_positions, {outbox_events.name, shard, now() + 1h});
  run(store_->commit(context_, std::move(positions)));
  const auto key = Uuid::random();
  write_event(*store_, key, 1, TimeUuid::at(now() - 48h, 7));
  write_event(*store_, key, 2);
  Seen seen;
  Relay relay(*store_, EventHandlers().on<UserRatedVideo>("seen", remember_in(seen)),
              reading_once(), metrics_);
  EXPECT_TRUE(eventually([&] { return outbox_is_empty(); }));
  EXPECT_THAT(seen.of(key), ElementsAre(1, 2));
}

}  // namespace
}  // namespace killrvideo
