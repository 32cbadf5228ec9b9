#include "events/deliveries.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include "common/clock.hpp"
#include "common/log.hpp"

namespace killrvideo {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t receipts_at_a_time = 256;
// How long receipts are gathered: acknowledging many at once costs less than one by one.
constexpr auto gathering_time = 5ms;
constexpr auto pause_after_failure = 1s;

void ignore(const std::exception_ptr&) {}

void tell(const Context& context, const EventHandler& handler, const OutboxEvent& event,
          std::string_view error) {
  if (!log::enabled(log::Level::debug)) return;
  log::debug("event", {{"handler", handler.name},
                       {"type", event.type},
                       {"event", event.eventid.to_string()},
                       {"key", event.key.to_string()},
                       {"trace", context.trace().id_text()},
                       {"span", context.trace().span_text()},
                       {"error", error}});
}

}  // namespace

Deliveries::Deliveries(EventSource& source, EventHandlers handlers, const Limits& limits,
                       EventMetrics& metrics, std::function<bool()> may_deliver)
    : source_(source),
      handlers_(std::move(handlers)),
      limits_(limits),
      metrics_(metrics),
      may_deliver_(std::move(may_deliver)),
      pool_(limits.threads) {
  for (const std::string& name : handlers_.names()) {
    metrics_.handler(name);
    taken_[name] = 0;
  }
}

Deliveries::~Deliveries() {
  stop();
  metrics_.waiting -= static_cast<std::int64_t>(waiting_);
}

void Deliveries::stop() {
  {
    std::unique_lock lock(mutex_);
    stopping_ = true;
    changed_.notify_all();
    changed_.wait(lock, [&] { return active_ == 0 && !acknowledging_; });
  }
  pool_.stop();
  pool_.join();
}

bool Deliveries::offer(OutboxEvent event) {
  const std::lock_guard lock(mutex_);
  if (stopping_ || known_.contains(event.eventid)) return true;
  if (waiting_ >= limits_.waiting) return false;
  known_.insert(event.eventid);
  ++waiting_;
  ++metrics_.waiting;
  const auto listening = handlers_.of(event.type).size();
  if (listening == 0 && handlers_.know(event.type)) {
    acknowledge(event);
    return true;
  }
  join_line({.event = std::move(event),
             .handled = std::vector<bool>(listening),
             .taken_before = std::vector<std::uint64_t>(listening)});
  return true;
}

bool Deliveries::wait_for_room(std::chrono::milliseconds longest) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, longest, [&] { return stopping_ || waiting_ < limits_.waiting; });
}

std::optional<Timestamp> Deliveries::oldest() {
  const std::lock_guard lock(mutex_);
  std::optional<Timestamp> oldest;
  const auto look_at = [&](const TimeUuid& event) {
    oldest = std::min(oldest.value_or(Timestamp::max()), event.timestamp());
  };
  for (const auto& [key, line] : lines_)
    for (const Waiting& waiting : line.events) look_at(waiting.event.eventid);
  for (const auto& [event, waiting] : postponed_) look_at(event);
  for (const Receipt& receipt : unacknowledged_) look_at(receipt.event);
  for (const Receipt& receipt : being_acknowledged_) look_at(receipt.event);
  return oldest;
}

void Deliveries::begin_reading() {
  const std::lock_guard lock(mutex_);
  reading_ = true;
}

void Deliveries::end_reading() {
  const std::lock_guard lock(mutex_);
  reading_ = false;
  for (const TimeUuid& event : delivered_) known_.erase(event);
  delivered_.clear();
}

// REQUIRES, here and in all functions below that use the state: the mutex is held.
void Deliveries::join_line(Waiting waiting) {
  const Uuid key = waiting.event.key;
  auto [found, is_new] = lines_.try_emplace(key);
  Line& line = found->second;
  line.events.push_back(std::move(waiting));
  if (line.failing) ++blocked_;
  if (is_new) make_ready(key);
}

// Queues the first event of a line to be tried.
void Deliveries::make_ready(const Uuid& key) {
  Queue& queue = queues_[lines_.find(key)->second.events.front().event.type];
  queue.ready.push_back(key);
  start_some(queue);
}

void Deliveries::start_some(Queue& queue) {
  while (!stopping_ && queue.active < limits_.in_flight && !queue.ready.empty()) {
    ++queue.active;
    ++active_;
    asio::post(pool_, [this, key = queue.ready.front()] { start(deliver(key), ignore); });
    queue.ready.pop_front();
  }
}

// Gives the first event of a line to its handlers. Nobody else touches it meanwhile, and its
// address stays valid while others join the line.
Task<void> Deliveries::deliver(Uuid key) {
  Waiting* waiting = nullptr;
  Queue* queue = nullptr;
  {
    const std::lock_guard lock(mutex_);
    waiting = &lines_.find(key)->second.events.front();
    queue = &queues_[waiting->event.type];
  }
  const bool handled = co_await try_handlers(*waiting);
  bool moved = false;
  auto next = RetryPolicy::Next::retry;
  if (!handled) {
    next = after_failure(key, *waiting);
    if (next == RetryPolicy::Next::dead_letter && may_go_on())
      moved = co_await move_to_dead_letters(*waiting);
  }
  const std::lock_guard lock(mutex_);
  --queue->active;
  --active_;
  if (handled || moved) {
    settle(key, moved);
  } else if (next == RetryPolicy::Next::postpone) {
    postpone(key);
  } else {
    after_pause(waiting->tries, [this, key] { make_ready(key); });
  }
  start_some(*queue);
  changed_.notify_all();
}

Task<bool> Deliveries::try_handlers(Waiting& waiting) {
  ++waiting.tries;
  waiting.last = {};
  waiting.failed.clear();
  const Context context(0, Context::Deadline::max(), Trace::continued(waiting.event.trace));
  const auto handlers = handlers_.of(waiting.event.type);
  if (handlers.empty()) {
    waiting.last.add(FailureKind::permanent, false);
    waiting.error =
        "nobody here knows events of this type: is there a newer version of the program?";
    co_return false;
  }
  for (std::size_t i = 0; i < handlers.size(); ++i)
    if (!waiting.handled[i] && may_go_on()) co_await try_handler(context, handlers[i], waiting, i);
  if (waiting.last.counts) ++waiting.counted_tries;
  co_return std::ranges::find(waiting.handled, false) == waiting.handled.end();
}

Task<void> Deliveries::try_handler(const Context& context, const EventHandler& handler,
                                   Waiting& waiting, std::size_t index) {
  auto& metrics = metrics_.handler(handler.name);
  try {
    Timer timer(metrics.tries);
    co_await handler.handle(context, waiting.event);
    waiting.handled[index] = true;
    ++taken_.at(handler.name);
    metrics.lag.observe(now() - waiting.event.eventid.timestamp());
    tell(context, handler, waiting.event, "");
  } catch (const std::exception& error) {
    metrics.failures.add();
    note_failure(handler, waiting, index, error);
    tell(context, handler, waiting.event, error.what());
  }
  // The handler may have returned in a thread of the store, which must not be kept.
  co_await asio::post(pool_, use_task);
}

void Deliveries::note_failure(const EventHandler& handler, Waiting& waiting, std::size_t index,
                              const std::exception& error) {
  waiting.failed += (waiting.failed.empty() ? "" : ",") + handler.name;
  waiting.error = error.what();
  const std::uint64_t taken = taken_.at(handler.name);
  const bool others_pass = waiting.tries > 1 && taken != waiting.taken_before[index];
  waiting.last.add(failure_kind(error), others_pass);
  waiting.taken_before[index] = taken;
}

// Called when the first event of a line has failed.
RetryPolicy::Next Deliveries::after_failure(const Uuid& key, const Waiting& waiting) {
  const std::lock_guard lock(mutex_);
  Line& line = lines_.find(key)->second;
  if (!line.failing && !waiting.last.only_rows_not_visible) {
    blocked_ += line.events.size();
    line.failing = true;
  }
  const bool failures_fill_memory = waiting_ >= limits_.waiting && blocked_ >= limits_.waiting / 2;
  return limits_.retries.after(waiting.last, waiting.counted_tries, failures_fill_memory);
}

bool Deliveries::may_go_on() {
  if (!may_deliver_()) fenced_ = true;
  return !fenced_;
}

// If it fails, it returns false and the event is tried again.
Task<bool> Deliveries::move_to_dead_letters(const Waiting& waiting) {
  const OutboxEvent& event = waiting.event;
  const DeadLetter dead{
      event.shard,   event.eventid,  event.key,     event.type,
      event.payload, waiting.failed, waiting.error, static_cast<std::int32_t>(waiting.tries),
      now(),         event.trace};
  bool moved = false;
  try {
    co_await source_.move_to_dead_letters(context_, dead,
                                          {event.shard, event.minute, event.eventid});
    moved = true;
  } catch (const std::exception& error) {
    log::warn("cannot keep a dead letter",
              {{"event", event.eventid.to_string()}, {"error", error.what()}});
  }
  co_await asio::post(pool_, use_task);  // as after a handler
  if (!moved) co_return false;
  const auto handlers = handlers_.of(event.type);
  for (std::size_t i = 0; i < handlers.size(); ++i)
    if (!waiting.handled[i]) metrics_.handler(handlers[i].name).dead_letters.add();
  log::warn("an event became a dead letter", {{"event", event.eventid.to_string()},
                                              {"type", event.type},
                                              {"key", event.key.to_string()},
                                              {"trace", Trace::continued(event.trace).id_text()},
                                              {"handlers", waiting.failed},
                                              {"tries", waiting.tries},
                                              {"error", waiting.error}});
  co_return true;
}

// Takes the first event out of a line, so that the next one may be tried.
Deliveries::Waiting Deliveries::leave_line(const Uuid& key) {
  const auto found = lines_.find(key);
  Line& line = found->second;
  if (line.failing) blocked_ -= line.events.size();
  line.failing = false;
  Waiting first = std::move(line.events.front());
  line.events.pop_front();
  if (line.events.empty()) {
    lines_.erase(found);
  } else {
    make_ready(key);
  }
  return first;
}

// The first event of a line has been handled or moved to the dead letters.
void Deliveries::settle(const Uuid& key, bool moved) {
  const Waiting settled = leave_line(key);
  if (moved) {
    forget(settled.event.eventid);
  } else {
    acknowledge(settled.event);
  }
}

// Takes the first event out of its line until its next try, since its row is not visible.
void Deliveries::postpone(const Uuid& key) {
  Waiting postponed = leave_line(key);
  const TimeUuid event = postponed.event.eventid;
  const unsigned tries = postponed.tries;
  postponed_.emplace(event, std::move(postponed));
  ++blocked_;
  after_pause(tries, [this, event] { rejoin(event); });
}

void Deliveries::rejoin(const TimeUuid& event) {
  const auto found = postponed_.find(event);
  Waiting postponed = std::move(found->second);
  postponed_.erase(found);
  --blocked_;
  join_line(std::move(postponed));
}

void Deliveries::after_pause(unsigned tries, std::function<void()> go_on) {
  if (stopping_ || fenced_) return;
  auto timer = std::make_shared<asio::steady_timer>(pool_, limits_.retries.pause(tries));
  timer->async_wait(
      [this, go_on = std::move(go_on), timer](const boost::system::error_code& error) {
        if (error) return;
        const std::lock_guard lock(mutex_);
        go_on();
      });
}

void Deliveries::acknowledge(const OutboxEvent& event) {
  unacknowledged_.push_back({event.shard, event.minute, event.eventid});
  if (acknowledging_) return;
  acknowledging_ = true;
  asio::post(pool_, [this] { start(acknowledge_all(), ignore); });
}

void Deliveries::forget(const TimeUuid& event) {
  --waiting_;
  --metrics_.waiting;
  if (reading_) {
    delivered_.push_back(event);
  } else {
    known_.erase(event);
  }
}

Task<void> Deliveries::acknowledge_all() {
  for (bool many = false;;) {
    if (!many) co_await sleep_for(gathering_time);
    if (!take_unacknowledged()) co_return;
    many = being_acknowledged_.size() == receipts_at_a_time;
    bool acknowledged = may_go_on();
    try {
      if (acknowledged) co_await source_.acknowledge(context_, being_acknowledged_);
    } catch (const std::exception& error) {
      log::warn("cannot take delivered events off their source", {{"error", error.what()}});
      acknowledged = false;
    }
    {
      const std::lock_guard lock(mutex_);
      if (acknowledged) {
        for (const Receipt& receipt : being_acknowledged_) forget(receipt.event);
      } else {
        unacknowledged_.insert(unacknowledged_.end(), being_acknowledged_.begin(),
                               being_acknowledged_.end());
      }
      being_acknowledged_.clear();
      changed_.notify_all();
    }
    if (acknowledged) continue;
    if (!fenced_) co_await sleep_for(pause_after_failure);
    if (give_up_acknowledging()) co_return;
  }
}

// When this stops or is fenced, events that could not be acknowledged stay in the source.
bool Deliveries::give_up_acknowledging() {
  const std::lock_guard lock(mutex_);
  if (!stopping_ && !fenced_) return false;
  acknowledging_ = false;
  changed_.notify_all();
  return true;
}

// Chooses the next receipts to acknowledge; returns false, and ends the task, if there are none.
bool Deliveries::take_unacknowledged() {
  const std::lock_guard lock(mutex_);
  const auto count =
      static_cast<std::ptrdiff_t>(std::min(unacknowledged_.size(), receipts_at_a_time));
  being_acknowledged_.assign(unacknowledged_.end() - count, unacknowledged_.end());
  unacknowledged_.erase(unacknowledged_.end() - count, unacknowledged_.end());
  acknowledging_ = count > 0;
  if (!acknowledging_) changed_.notify_all();
  return acknowledging_;
}

Task<void> Deliveries::sleep_for(std::chrono::milliseconds time) {
  asio::steady_timer timer(pool_, time);
  co_await timer.async_wait(use_task);
}

}  // namespace killrvideo
