// Events on their way to their handlers, in memory.
//
// Each key has a line of events, the first of which is with its handlers; when they have all
// succeeded it is taken off its source, together with others that are done, and the next one comes.
// An event that a handler failed to take waits at the head of its line and is tried again, ever
// later; so only its own key waits for it. After the last try it is moved to the dead letters. So
// it is also, at once, while there is no room for more events and half of the room is taken by such
// lines: those that fail must not keep out others. But while a handler takes no event at all
// because an engine is away, which is no fault of an event, its failures do not count. Events of
// one type do not wait for handlers of another one, however slow.
//
// An event whose row is late (RowNotVisible) is set aside, so that the next one of its key comes at
// once. When it is time to try it again it joins its line at the end.
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

#include "common/metrics.hpp"
#include "events/dead_letters.hpp"
#include "events/handlers.hpp"
#include "events/outbox.hpp"

namespace killrvideo {

/// Where events come from, and where those go that nobody can take. Its tasks may end in any
/// thread.
class EventSource {
 public:
  /// That of an event.
  struct Place {
    std::int32_t shard = 0;
    std::int32_t minute = 0;
    TimeUuid event;
  };

  virtual ~EventSource() = default;

  /// These have been delivered. If it throws, it is called with them again.
  virtual Task<void> take_off(const Context& context, std::span<const Place> delivered) = 0;

  /// Keeps a dead letter instead of the event. If it throws, the event goes on being tried.
  virtual Task<void> bury(const Context& context, const DeadLetter& dead, const Place& event) = 0;
};

class Deliveries {
 public:
  struct Limits {
    unsigned tries = 10;           ///< before an event becomes a dead letter; 0: it never does
    std::size_t in_flight = 64;    ///< events of one type that are with handlers at a time
    std::size_t waiting = 20'000;  ///< events in memory
    std::size_t threads = 2;
    std::chrono::milliseconds first_pause{100};       ///< after the first failed try
    std::chrono::milliseconds longest_pause{10'000};  ///< it doubles with every try up to this
  };

  /// `may_deliver` is asked, by any thread, before each call of a handler and each change of the
  /// source; once it has said no, this delivers nothing any more. The source and the metrics
  /// outlive this.
  Deliveries(EventSource& source, EventHandlers handlers, const Limits& limits,
             EventMetrics& metrics, std::function<bool()> may_deliver);
  /// Ends as stop() does.
  ~Deliveries();

  /// Takes an event that is in the source, unless it has it already; false if there is no room.
  /// Events of one key must come in order. Any thread; neither waits nor throws.
  bool offer(OutboxEvent event);

  /// Waits until there is room for more; false if there was none for so long.
  bool wait_for_room(std::chrono::milliseconds longest);

  /// Whether `may_deliver` has said no.
  bool lapsed() const { return lapsed_; }

  /// When the oldest event that is not yet off the source was written; nothing if there is none.
  std::optional<Timestamp> oldest();

  /// Between these two calls, events that were delivered count as known, so that one that is read
  /// from the source just before it is taken off is not delivered again.
  void remember_delivered();
  void forget_delivered();

  /// Takes no more, and returns when no handler is at work and what they took is off the source.
  /// What was not delivered stays there.
  void stop();

 private:
  using Place = EventSource::Place;

  struct Waiting {
    OutboxEvent event;
    std::vector<bool> handled;  ///< by which of the type's handlers
    unsigned tries = 0;
    unsigned counted = 0;   ///< tries that failed for more than that an engine was away
    bool counts = false;    ///< whether the last one did
    bool at_fault = false;  ///< and surely, as the handler spoke of no engine
    bool late = false;      ///< all that failed said that its row is
    /// How many events a handler had taken when it was tried last.
    std::vector<std::uint64_t> taken_before;
    std::string failed;  ///< the handlers that failed in the last try
    std::string error;
    bool hopeless = false;  ///< a handler has said that it can never take it
  };
  struct Line {
    std::deque<Waiting> events;
    bool failing = false;  ///< the first one has failed
  };
  // Of one type.
  struct Queue {
    std::deque<Uuid> ready;  ///< keys whose first event may be tried
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
  Task<bool> bury(const Waiting& waiting);
  bool is_last_try(const Uuid& key, const Waiting& waiting);
  bool may_go_on();
  void finished(const Uuid& key, bool buried);
  void set_aside(const Uuid& key);
  void rejoin(const TimeUuid& event);
  Waiting leave_line(const Uuid& key);
  void later(unsigned tries, std::function<void()> go_on);
  void take_off(const OutboxEvent& event);
  Task<void> clear_source();
  Task<void> pause(std::chrono::milliseconds time);
  bool take_done();
  bool give_up_clearing();
  void forget(const TimeUuid& event);

  EventSource& source_;
  const EventHandlers handlers_;
  const Limits limits_;
  EventMetrics& metrics_;
  const std::function<bool()> may_deliver_;
  const Context context_{};
  std::atomic<bool> lapsed_ = false;
  std::map<std::string, std::atomic<std::uint64_t>> taken_;  // events, by each handler

  std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;
  std::unordered_map<Uuid, Line, UuidHash> lines_;
  std::unordered_map<TimeUuid, Waiting, UuidHash> aside_;  // until they are tried again
  std::unordered_map<std::string, Queue> queues_;
  std::size_t active_ = 0;                        // events with handlers, of all types
  std::unordered_set<TimeUuid, UuidHash> known_;  // all here, and the delivered that are remembered
  std::size_t waiting_ = 0;                       // in lines, aside or about to be taken off
  std::size_t stuck_ = 0;                         // in lines whose first event has failed, or aside
  std::vector<Place> done_;                       // delivered, to be taken off the source
  bool clearing_ = false;
  std::vector<Place> clearing_now_;  // on their way off it; changed by the clearing alone
  bool remembering_ = false;
  std::vector<TimeUuid> delivered_;  // known only because they are remembered

  asio::thread_pool pool_;
};

}  // namespace killrvideo
