// Events on their way to their handlers, in memory.
//
// The events of a key form a line. The handlers get the first event of the line; when all of them
// have succeeded, the event is acknowledged to its source (with others, in batches) and the next
// one follows. An event that a handler failed to take stays at the head of its line and is tried
// again after a pause; so it blocks only its own key. Which tries count, and when an event becomes a
// dead letter, is decided by retry_policy.hpp. Events of one type never wait for the handlers of
// another type.
//
// An event whose row is not visible yet (RowNotVisible) is postponed: it leaves its line, so that
// the next event of its key follows at once, and joins the end of the line for its next try.
#pragma once

#include <atomic>
#include <boost/asio/thread_pool.hpp>
#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "events/dead_letters.hpp"
#include "events/handlers.hpp"
#include "events/metrics.hpp"
#include "events/outbox.hpp"
#include "events/retry_policy.hpp"

namespace killrvideo {

/// Where events come from. Its tasks may resume in any thread.
class EventSource {
 public:
  /// Identifies an event in the source when it is acknowledged.
  struct Receipt {
    std::int32_t shard = 0;
    std::int32_t minute = 0;
    TimeUuid event;
  };

  virtual ~EventSource() = default;

  /// Removes delivered events from the source. If it throws, it is called again with them.
  virtual Task<void> acknowledge(const Context& context, std::span<const Receipt> delivered) = 0;

  /// Stores a dead letter and removes the event. If it throws, the event is tried again.
  virtual Task<void> move_to_dead_letters(const Context& context, const DeadLetter& dead,
                                          const Receipt& event) = 0;
};

class Deliveries {
 public:
  struct Limits {
    RetryPolicy retries{};
    std::size_t in_flight = 64;    ///< events of one type that are with handlers at a time
    std::size_t waiting = 20'000;  ///< events in memory
    std::size_t threads = 2;
  };

  /// `may_deliver` is called, by any thread, before each call of a handler and each change of the
  /// source; once it returns false, nothing more is delivered. The source and the metrics outlive
  /// this.
  Deliveries(EventSource& source, EventHandlers handlers, const Limits& limits,
             EventMetrics& metrics, std::function<bool()> may_deliver);
  /// Ends as stop() does.
  ~Deliveries();

  /// Accepts an event of the source, and ignores one that it has already; false if there is no
  /// room. Events of one key must be offered in order. Any thread; neither waits nor throws.
  bool offer(OutboxEvent event);

  /// Waits until there is room, for `longest` at most; returns whether there is.
  bool wait_for_room(std::chrono::milliseconds longest);

  /// Whether `may_deliver` has returned false: another process may be delivering.
  bool fenced() const { return fenced_; }

  /// The time of the oldest event that is not acknowledged; nothing if there is none.
  std::optional<Timestamp> oldest();

  /// To be called around a reading of the source. Between them, acknowledged events count as known:
  /// one that was read just before its acknowledgement is not delivered again.
  void begin_reading();
  void end_reading();

  /// Accepts no more events; returns when all running handlers have returned and the events that
  /// they took are acknowledged. Events that were not delivered stay in the source.
  void stop();

 private:
  using Receipt = EventSource::Receipt;

  struct Waiting {
    OutboxEvent event;
    std::vector<bool> handled;  ///< by handler of the type
    unsigned tries = 0;
    unsigned counted_tries = 0;
    FailedTry last{};  ///< the last try
    /// How many events a handler had taken when it was tried last.
    std::vector<std::uint64_t> taken_before;
    std::string failed;  ///< the handlers that failed in the last try
    std::string error;
  };
  struct Line {
    std::deque<Waiting> events;
    bool failing = false;  ///< the first one has failed
  };
  // The events of one type.
  struct Queue {
    std::deque<Uuid> ready;  ///< keys whose first event can be tried
    std::size_t active = 0;  ///< events with handlers
  };

  void join_line(Waiting waiting);
  void make_ready(const Uuid& key);
  void start_some(Queue& queue);
  Task<void> deliver(Uuid key);
  Task<bool> try_handlers(Waiting& waiting);
  Task<void> try_handler(const Context& context, const EventHandler& handler, Waiting& waiting,
                         std::size_t index);
  void note_failure(const EventHandler& handler, Waiting& waiting, std::size_t index,
                    const std::exception& error);
  Task<bool> move_to_dead_letters(const Waiting& waiting);
  RetryPolicy::Next after_failure(const Uuid& key, const Waiting& waiting);
  bool may_go_on();
  void settle(const Uuid& key, bool moved);
  void postpone(const Uuid& key);
  void rejoin(const TimeUuid& event);
  Waiting leave_line(const Uuid& key);
  void after_pause(unsigned tries, std::function<void()> go_on);
  void acknowledge(const OutboxEvent& event);
  Task<void> acknowledge_all();
  Task<void> sleep_for(std::chrono::milliseconds time);
  bool take_unacknowledged();
  bool give_up_acknowledging();
  void forget(const TimeUuid& event);

  EventSource& source_;
  const EventHandlers handlers_;
  const Limits limits_;
  EventMetrics& metrics_;
  const std::function<bool()> may_deliver_;
  const Context context_{};
  std::atomic<bool> fenced_ = false;
  std::map<std::string, std::atomic<std::uint64_t>> taken_;  // number of events, by handler

  std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;
  std::unordered_map<Uuid, Line, UuidHash> lines_;
  std::unordered_map<TimeUuid, Waiting, UuidHash> postponed_;  // until their next try
  std::unordered_map<std::string, Queue> queues_;
  std::size_t active_ = 0;                        // events with handlers, of all types
  std::unordered_set<TimeUuid, UuidHash> known_;  // all events here, and delivered_
  std::size_t waiting_ = 0;                       // in lines, postponed or not acknowledged
  std::size_t blocked_ = 0;              // in lines whose first event has failed, or postponed
  std::vector<Receipt> unacknowledged_;  // delivered
  bool acknowledging_ = false;
  std::vector<Receipt> being_acknowledged_;  // used by acknowledge_all() alone
  bool reading_ = false;
  std::vector<TimeUuid> delivered_;  // acknowledged, and known until the reading ends

  asio::thread_pool pool_;
};

}  // namespace killrvideo
