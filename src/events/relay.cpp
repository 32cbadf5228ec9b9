#include "events/relay.hpp"

#include "common/concurrently.hpp"
#include "common/log.hpp"

namespace killrvideo {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t events_at_a_time = 500;
// Of a shard that has rested, so many minutes are looked into at once.
constexpr std::int32_t minutes_at_once = 50;
// On a shared store, how long what this process commits is gathered before it is read.
constexpr auto commits_gather = 10ms;
// The longest that a row usually takes to appear after its event was given its id.
constexpr auto usual_delay = 10s;
// The longest that it takes when nodes hang or die: a call goes on for 30 s, and what it has begun
// is then finished from Cassandra's log of batches, which is looked through every 10 s.
constexpr auto delay_in_trouble = 90s;
// The longest that it ever takes, when nodes that have this log are away as well.
constexpr auto longest_delay = 10min;
constexpr std::size_t most_held = 10'000;
constexpr auto saving_interval = 10min;
constexpr int beats_per_duration = 4;
constexpr auto pause_after_trouble = 1s;

// The time by the clock of events: like their ids, it does not go back while this process lives.
Timestamp event_time() { return TimeUuid::now().timestamp(); }

}  // namespace

Relay::Relay(storage::Store& store, EventHandlers handlers, const Options& options,
             EventMetrics& metrics)
    : store_(store),
      handlers_(std::move(handlers)),
      options_(options),
      metrics_(metrics),
      outbox_(store) {
  store_.watch(outbox_events, [this](OutboxEvent event) { written(std::move(event)); });
  if (options_.shared) {
    look_backs_ = {{options_.rescan_interval, delay_in_trouble, {}},
                   {longest_delay, 2 * longest_delay, {}}};
    lease_.emplace(store_, lease_name, options_.lease_duration);
    lease_->beat();
    beats_.emplace(options_.lease_duration / beats_per_duration, [this] { lease_->beat(); });
  }
  thread_ = std::jthread([this](const std::stop_token& stop) { work(stop); });
}

Relay::~Relay() {
  stop();
  store_.watch(outbox_events, nullptr);
}

void Relay::stop() {
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
  beats_.reset();
  if (lease_) lease_->release();
}

void Relay::written(OutboxEvent event) {
  const std::lock_guard lock(mutex_);
  if (!deliveries_) return;
  Shard& shard = shards_[static_cast<std::size_t>(event.shard)];
  const Timestamp written = event.eventid.timestamp();
  if (take_up(std::move(event), shard)) return;
  shard.missed = std::min(shard.missed.value_or(written), written);
  shard.following = false;
  wake_.notify_all();
}

// False if the event has to be read. On a shared store that is so of all: those of another process
// that came before it are known only by reading.
bool Relay::take_up(OutboxEvent event, Shard& shard) {
  if (options_.shared) return false;
  if (shard.following) return deliveries_->offer(std::move(event));
  if (shard.missed || shard.held.size() == most_held) return false;
  shard.held.push_back(std::move(event));
  return true;
}

void Relay::work(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    try {
      if (deliveries_ && deliveries_->lapsed()) end();
      if (may_deliver()) {
        if (!deliveries_) begin();
        if (!begun_) find_beginnings();
        read_all(stop);
      } else {
        end();
      }
    } catch (const std::exception& error) {
      log::warn("cannot read the outbox", {{"error", error.what()}});
      std::unique_lock lock(mutex_);
      wake_.wait_for(lock, stop, pause_after_trouble, [&] { return stop.stop_requested(); });
      continue;
    }
    wait(stop);
  }
  end();
}

// From now on what is committed is held until what was there before has been read.
void Relay::begin() {
  auto deliveries = std::make_unique<Deliveries>(outbox_, handlers_, options_.limits, metrics_,
                                                 [this] { return may_deliver(); });
  const std::lock_guard lock(mutex_);
  deliveries_ = std::move(deliveries);
  shards_ = {};
  begun_ = false;
}

void Relay::find_beginnings() {
  const auto beginnings = options_.shared ? remembered_positions() : oldest_events();
  for (std::size_t shard = 0; shard < shards_.size(); ++shard)
    shards_[shard].from = std::min<Timestamp>(beginnings[shard], event_time() - usual_delay);
  begun_ = true;
  next_sweep_ = {};
  positions_saved_ = event_time();
  for (LookBack& look : look_backs_) look.last = positions_saved_;
}

std::array<Timestamp, outbox_shards> Relay::remembered_positions() {
  std::array<Timestamp, outbox_shards> positions;
  for (std::int32_t shard = 0; shard < outbox_shards; ++shard) {
    const auto known = run(store_.get(context_, outbox_positions, {shard}));
    if (!known) throw Error(Code::internal, "a position of the outbox is missing");
    positions[static_cast<std::size_t>(shard)] = known->position;
  }
  return positions;
}

// Of a store of its own a process sees all that is left, whatever the clock was when it was
// written; nobody keeps clocks together for it.
std::array<Timestamp, outbox_shards> Relay::oldest_events() {
  std::array<Timestamp, outbox_shards> oldest;
  oldest.fill(Timestamp::max());
  std::string state;
  do {
    auto page = run(store_.scan(context_, outbox_events, state, events_at_a_time));
    for (const OutboxEvent& event : page.rows) {
      Timestamp& of_shard = oldest[static_cast<std::size_t>(event.shard)];
      of_shard = std::min(of_shard, event.eventid.timestamp());
    }
    state = page.state;
  } while (!state.empty());
  return oldest;
}

// Ends the deliveries, because this process ends or another one has taken over.
void Relay::end() {
  if (!deliveries_) return;
  deliveries_->stop();
  try {
    if (may_deliver() && all_follow()) save_positions();
  } catch (const std::exception& error) {
    log::warn("cannot save how far events are delivered", {{"error", error.what()}});
  }
  std::unique_ptr<Deliveries> ended;
  const std::lock_guard lock(mutex_);
  ended = std::move(deliveries_);
}

// Reads the shards of which something has been missed and, when it is time, all.
void Relay::read_all(const std::stop_token& stop) {
  const bool sweep = std::chrono::steady_clock::now() >= next_sweep_;
  if (sweep) look_back_at_times();
  deliveries_->remember_delivered();
  bool complete = true;
  for (std::int32_t shard = 0; complete && shard < outbox_shards; ++shard)
    if (sweep || !is_following(shards_[static_cast<std::size_t>(shard)]))
      complete = read(shard, stop);
  deliveries_->forget_delivered();
  if (!complete) return;
  if (sweep) next_sweep_ = std::chrono::steady_clock::now() + options_.reading_interval;
  if (event_time() - positions_saved_ > saving_interval && all_follow()) save_positions();
}

void Relay::look_back_at_times() {
  const Timestamp now = event_time();
  for (LookBack& look : look_backs_) {
    if (now - look.last <= look.every) continue;
    look.last = now;
    for (Shard& shard : shards_) shard.from = std::min<Timestamp>(shard.from, now - look.by);
  }
}

// Hands over what is in the outbox. False if it was cut off.
bool Relay::read(std::int32_t number, const std::stop_token& stop) {
  Shard& shard = shards_[static_cast<std::size_t>(number)];
  {
    const std::lock_guard lock(mutex_);
    if (shard.missed) shard.from = std::min(shard.from, *shard.missed);
    shard.missed.reset();
  }
  const Timestamp read_at = event_time();
  const auto last = outbox_minute(read_at + usual_delay);
  for (auto minute = outbox_minute(shard.from); minute <= last; minute += minutes_at_once) {
    const auto count = static_cast<std::size_t>(std::min(minutes_at_once, last - minute + 1));
    if (stop.stop_requested() || !read_minutes(number, minute, count, shard.from, stop))
      return false;
  }
  const std::lock_guard lock(mutex_);
  follow(shard, read_at);
  return true;
}

bool Relay::read_minutes(std::int32_t shard, std::int32_t first, std::size_t count, Timestamp from,
                         const std::stop_token& stop) {
  const auto page_of = [&](std::size_t i, std::size_t size, std::string state) {
    storage::PageOf<std::tuple<TimeUuid>> wanted{
        .size = size, .from = {{TimeUuid::at(from - 1ms, 0)}}, .state = std::move(state)};
    return store_.page(context_, outbox_events, {shard, first + static_cast<std::int32_t>(i)},
                       std::move(wanted));
  };
  std::vector<storage::Page<OutboxEvent>> pages(count);
  run(concurrently(count, count, [&](std::size_t i) -> Task<void> {
    pages[i] = co_await page_of(i, events_at_a_time / count, {});
  }));
  for (std::size_t i = 0; i < count; ++i) {
    for (;;) {
      for (OutboxEvent& event : pages[i].rows)
        if (!hand_over(std::move(event), stop)) return false;
      if (pages[i].state.empty()) break;
      pages[i] = run(page_of(i, events_at_a_time, std::move(pages[i].state)));
    }
  }
  return true;
}

// Waits for room. False if this is ending or another process delivers.
bool Relay::hand_over(OutboxEvent event, const std::stop_token& stop) {
  while (!deliveries_->offer(event)) {
    if (stop.stop_requested() || deliveries_->lapsed() || !may_deliver()) return false;
    deliveries_->wait_for_room(100ms);
  }
  return true;
}

// What came meanwhile joins what was read. REQUIRES: the mutex is held.
void Relay::follow(Shard& shard, Timestamp read_at) {
  shard.from = read_at - usual_delay;
  for (OutboxEvent& event : shard.held) {
    const Timestamp written = event.eventid.timestamp();
    if (shard.missed || !deliveries_->offer(std::move(event)))
      shard.missed = std::min(shard.missed.value_or(written), written);
  }
  shard.held.clear();
  shard.following = !shard.missed;
}

bool Relay::is_following(const Shard& shard) {
  const std::lock_guard lock(mutex_);
  return shard.following;
}

bool Relay::all_follow() {
  return std::ranges::all_of(shards_, [&](const Shard& shard) { return is_following(shard); });
}

// REQUIRES: all shards are followed.
void Relay::save_positions() {
  const auto delay = options_.shared ? Timestamp::duration(longest_delay) : usual_delay;
  const auto oldest = deliveries_->oldest().value_or(Timestamp::max());
  storage::Batch batch;
  for (std::int32_t shard = 0; shard < outbox_shards; ++shard) {
    const Timestamp read = shards_[static_cast<std::size_t>(shard)].from;
    batch.insert(outbox_positions, {shard, std::min(read, oldest) - delay});
  }
  run(store_.commit(context_, std::move(batch)));
  positions_saved_ = event_time();
}

void Relay::wait(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  if (!deliveries_) {
    wake_.wait_for(lock, stop, options_.reading_interval, [] { return false; });
    return;
  }
  const auto has_to_read = [&] { return !std::ranges::all_of(shards_, &Shard::following); };
  const bool missed = wake_.wait_until(lock, stop, next_sweep_, has_to_read);
  if (missed && options_.shared) wake_.wait_for(lock, stop, commits_gather, [] { return false; });
}

Task<void> make_outbox_positions(storage::Store& store, const Context& context) {
  // Clocks of several processes differ, but not by an hour.
  const Timestamp beginning = event_time() - 1h;
  storage::Batch batch;
  for (std::int32_t shard = 0; shard < outbox_shards; ++shard) {
    auto known = co_await store.get(context, outbox_positions, {shard});
    if (!known) batch.insert(outbox_positions, {shard, beginning});
  }
  if (!batch.empty()) co_await store.commit(context, std::move(batch));
}

}  // namespace killrvideo
