// What tests of the relay need: a store, handlers that remember, events.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <mutex>
#include <vector>

#include "common/clock.hpp"
#include "common/protobuf.hpp"
#include "events/dead_letters.hpp"
#include "events/eventually.hpp"
#include "events/relay.hpp"
#include "ratings/ratings_events.pb.h"
#include "storage/temporary_store.hpp"

namespace killrvideo {

using ratings::events::UserRatedVideo;
using namespace std::chrono_literals;

/// What a handler has seen: the numbers of the events of each key, in order. Any thread.
class Seen {
 public:
  void add(const UserRatedVideo& event) {
    const std::lock_guard lock(mutex_);
    numbers_[event.video_id().value()].push_back(event.rating());
    ++count_;
  }
  std::vector<int> of(const Uuid& key) const {
    const std::lock_guard lock(mutex_);
    const auto found = numbers_.find(key.to_string());
    return found == numbers_.end() ? std::vector<int>{} : found->second;
  }
  std::size_t count() const {
    const std::lock_guard lock(mutex_);
    return count_;
  }

 private:
  mutable std::mutex mutex_;
  std::map<std::string, std::vector<int>> numbers_;
  std::size_t count_ = 0;
};

inline auto remember_in(Seen& seen) {
  return [&seen](const Context&, const UserRatedVideo& event) -> Task<void> {
    seen.add(event);
    co_return;
  };
}

inline void write_event(storage::Store& store, const Uuid& key, int number,
                        std::optional<TimeUuid> id = {}) {
  UserRatedVideo event;
  write_id(key, event.mutable_video_id());
  event.set_rating(number);
  auto row = new_event(key, event.GetTypeName(), storage::Blob{event.SerializeAsString()}, "");
  if (id) {
    row.eventid = *id;
    row.minute = storage::minute_of(id->timestamp());
  }
  storage::Batch batch;
  batch.insert(outbox_events, row);
  run(store.commit({}, std::move(batch)));
}

class RelayTest : public ::testing::Test {
 protected:
  RelayTest() { run(make_outbox_positions(*store_, context_)); }

  /// Options with which nothing is read from the outbox after the start, so that what is delivered
  /// then was handed over.
  static Relay::Options reading_once() {
    Relay::Options options;
    options.reading_interval = 24h;
    return options;
  }

  static Relay::Options failing_fast(unsigned tries) {
    auto options = reading_once();
    options.limits.retries.tries = tries;
    options.limits.retries.first_pause = 1ms;
    options.limits.retries.longest_pause = 2ms;
    return options;
  }

  bool outbox_is_empty() { return store_.rows(outbox_events).empty(); }
  std::vector<DeadLetter> dead() { return run(dead_letters(*store_, context_, {})).rows; }

  storage::TemporaryStore store_;
  EventMetrics metrics_;
  const Context context_{};
};

}  // namespace killrvideo
