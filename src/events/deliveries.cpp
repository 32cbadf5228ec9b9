#include "events/deliveries.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include "common/clock.hpp"
#include "common/log.hpp"

namespace killrvideo {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t removals_at_a_time = 256;
// Events are taken off the source some at a time, which costs less than one by one.
constexpr auto gathering_time = 5ms;
constexpr auto pause_after_failure = 1s;
constexpr unsigned most_doublings = 20;

void ignore(const std::exception_ptr&) {}

// Whether it may be that an engine takes nothing at all now.
bool is_of_engines(const Error* error) {
  return error != nullptr &&
         (error->code() == Code::unavailable || error->code() == Code::deadline_exceeded ||
          error->code() == Code::resource_exhausted);
}

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
    changed_.wait(lock, [&] { return active_ == 0 && !clearing_; });
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
    take_off(event);
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
  for (const auto& [event, waiting] : aside_) look_at(event);
  for (const Place& place : done_) look_at(place.event);
  for (const Place& place : clearing_now_) look_at(place.event);
  return oldest;
}

void Deliveries::remember_delivered() {
  const std::lock_guard lock(mutex_);
  remembering_ = true;
}

void Deliveries::forget_delivered() {
  const std::lock_guard lock(mutex_);
  remembering_ = false;
  for (const TimeUuid& event : delivered_) known_.erase(event);
  delivered_.clear();
}

// REQUIRES of this and what else touches the state: the mutex is held.
void Deliveries::join_line(Waiting waiting) {
  const Uuid key = waiting.event.key;
  auto [found, is_new] = lines_.try_emplace(key);
  Line& line = found->second;
  line.events.push_back(std::move(waiting));
  if (line.failing) ++stuck_;
  if (is_new) make_ready(key);
}

// Says that the first event of a line may be tried.
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

// Takes the first event of a line to its handlers. No one else touches it meanwhile, and it stays
// where it is while others join the line.
Task<void> Deliveries::deliver(Uuid key) {
  Waiting* waiting = nullptr;
  Queue* queue = nullptr;
  {
    const std::lock_guard lock(mutex_);
    waiting = &lines_.find(key)->second.events.front();
    queue = &queues_[waiting->event.type];
  }
  bool handled = co_await try_handlers(*waiting);
  bool buried = false;
  if (!handled && is_last_try(key, *waiting) && may_go_on()) buried = co_await bury(*waiting);
  const std::lock_guard lock(mutex_);
  --queue->active;
  --active_;
  if (handled || buried) {
    finished(key, buried);
  } else if (waiting->late) {
    set_aside(key);
  } else {
    later(waiting->tries, [this, key] { make_ready(key); });
  }
  start_some(*queue);
  changed_.notify_all();
}

Task<bool> Deliveries::try_handlers(Waiting& waiting) {
  ++waiting.tries;
  waiting.counts = waiting.at_fault = false;
  waiting.late = true;
  waiting.failed.clear();
  const Context context(0, Context::Deadline::max(), Trace::continued(waiting.event.trace));
  const auto handlers = handlers_.of(waiting.event.type);
  if (handlers.empty()) {
    waiting.hopeless = true;
    waiting.error =
        "nobody here knows events of this type: is there a newer version of the program?";
    co_return false;
  }
  for (std::size_t i = 0; i < handlers.size(); ++i)
    if (!waiting.handled[i] && may_go_on()) co_await try_handler(context, handlers[i], waiting, i);
  if (waiting.counts) ++waiting.counted;
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
  // The handler may have ended in a thread of the store, which has other things to do.
  co_await asio::post(pool_, use_task);
}

// A failure counts if the handler has taken other events since it was tried with this one; not that
// a row is late, which has a limit of its own.
void Deliveries::note_failure(const EventHandler& handler, Waiting& waiting, std::size_t index,
                              const std::exception& error) {
  waiting.failed += (waiting.failed.empty() ? "" : ",") + handler.name;
  waiting.error = error.what();
  const auto* known = dynamic_cast<const Error*>(&error);
  waiting.hopeless |= known != nullptr && known->code() == Code::invalid_argument;
  const std::uint64_t taken = taken_.at(handler.name);
  const bool others_pass = waiting.tries > 1 && taken != waiting.taken_before[index];
  const bool late = dynamic_cast<const RowNotVisible*>(&error) != nullptr;
  const bool at_fault = !is_of_engines(known);
  waiting.late &= late;
  waiting.at_fault |= at_fault;
  waiting.counts |= !late && (at_fault || others_pass);
  waiting.taken_before[index] = taken;
}

// The first event of a line has failed: whether it is not to be tried again.
bool Deliveries::is_last_try(const Uuid& key, const Waiting& waiting) {
  const std::lock_guard lock(mutex_);
  Line& line = lines_.find(key)->second;
  if (!line.failing && !waiting.late) {
    stuck_ += line.events.size();
    line.failing = true;
  }
  if (waiting.hopeless || limits_.tries == 0) return waiting.hopeless;
  const bool in_the_way = waiting_ >= limits_.waiting && stuck_ >= limits_.waiting / 2;
  return (waiting.at_fault && in_the_way) || waiting.counted >= limits_.tries;
}

bool Deliveries::may_go_on() {
  if (!may_deliver_()) lapsed_ = true;
  return !lapsed_;
}

// Moves an event to the dead letters; if that fails, the event goes on being tried.
Task<bool> Deliveries::bury(const Waiting& waiting) {
  const OutboxEvent& event = waiting.event;
  const DeadLetter dead{
      event.shard,   event.eventid,  event.key,     event.type,
      event.payload, waiting.failed, waiting.error, static_cast<std::int32_t>(waiting.tries),
      now(),         event.trace};
  bool buried = false;
  try {
    co_await source_.bury(context_, dead, {event.shard, event.minute, event.eventid});
    buried = true;
  } catch (const std::exception& error) {
    log::warn("cannot keep a dead letter",
              {{"event", event.eventid.to_string()}, {"error", error.what()}});
  }
  co_await asio::post(pool_, use_task);  // as after a handler
  if (!buried) co_return false;
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

// Takes the first event out of a line: the next one may come.
Deliveries::Waiting Deliveries::leave_line(const Uuid& key) {
  const auto found = lines_.find(key);
  Line& line = found->second;
  if (line.failing) stuck_ -= line.events.size();
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

// The first event of a line is settled.
void Deliveries::finished(const Uuid& key, bool buried) {
  const Waiting settled = leave_line(key);
  if (buried) {
    forget(settled.event.eventid);
  } else {
    take_off(settled.event);
  }
}

// The row of the first event of a line is late.
void Deliveries::set_aside(const Uuid& key) {
  Waiting late = leave_line(key);
  const TimeUuid event = late.event.eventid;
  const unsigned tries = late.tries;
  aside_.emplace(event, std::move(late));
  ++stuck_;
  later(tries, [this, event] { rejoin(event); });
}

void Deliveries::rejoin(const TimeUuid& event) {
  const auto found = aside_.find(event);
  Waiting late = std::move(found->second);
  aside_.erase(found);
  --stuck_;
  join_line(std::move(late));
}

void Deliveries::later(unsigned tries, std::function<void()> go_on) {
  if (stopping_ || lapsed_) return;
  const auto pause = std::min(limits_.longest_pause,
                              limits_.first_pause * (1 << std::min(tries - 1, most_doublings)));
  auto timer = std::make_shared<asio::steady_timer>(pool_, pause);
  timer->async_wait(
      [this, go_on = std::move(go_on), timer](const boost::system::error_code& error) {
        if (error) return;
        const std::lock_guard lock(mutex_);
        go_on();
      });
}

void Deliveries::take_off(const OutboxEvent& event) {
  done_.push_back({event.shard, event.minute, event.eventid});
  if (clearing_) return;
  clearing_ = true;
  asio::post(pool_, [this] { start(clear_source(), ignore); });
}

void Deliveries::forget(const TimeUuid& event) {
  --waiting_;
  --metrics_.waiting;
  if (remembering_) {
    delivered_.push_back(event);
  } else {
    known_.erase(event);
  }
}

Task<void> Deliveries::clear_source() {
  for (bool many = false;;) {
    if (!many) co_await pause(gathering_time);
    if (!take_done()) co_return;
    many = clearing_now_.size() == removals_at_a_time;
    bool removed = may_go_on();
    try {
      if (removed) co_await source_.take_off(context_, clearing_now_);
    } catch (const std::exception& error) {
      log::warn("cannot take delivered events off their source", {{"error", error.what()}});
      removed = false;
    }
    {
      const std::lock_guard lock(mutex_);
      if (removed) {
        for (const Place& place : clearing_now_) forget(place.event);
      } else {
        done_.insert(done_.end(), clearing_now_.begin(), clearing_now_.end());
      }
      clearing_now_.clear();
      changed_.notify_all();
    }
    if (removed) continue;
    if (!lapsed_) co_await pause(pause_after_failure);
    if (give_up_clearing()) co_return;
  }
}

// When this is ending or has lapsed, what could not be taken off stays where it is.
bool Deliveries::give_up_clearing() {
  const std::lock_guard lock(mutex_);
  if (!stopping_ && !lapsed_) return false;
  clearing_ = false;
  changed_.notify_all();
  return true;
}

// Chooses the next events to take off; with none left the clearing is over.
bool Deliveries::take_done() {
  const std::lock_guard lock(mutex_);
  const auto count = static_cast<std::ptrdiff_t>(std::min(done_.size(), removals_at_a_time));
  clearing_now_.assign(done_.end() - count, done_.end());
  done_.erase(done_.end() - count, done_.end());
  clearing_ = count > 0;
  if (!clearing_) changed_.notify_all();
  return clearing_;
}

Task<void> Deliveries::pause(std::chrono::milliseconds time) {
  asio::steady_timer timer(pool_, time);
  co_await timer.async_wait(use_task);
}

}  // namespace killrvideo
