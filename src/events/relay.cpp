#include "events/relay.hpp"

#include "common/log.hpp"
#include "common/time_limits.hpp"

namespace killrvideo {
namespace {

using namespace std::chrono_literals;
using time_limits::usually_visible_after, time_limits::visible_after, time_limits::visible_at_last;

// On a shared store, how long commits of this process are gathered before the outbox is read.
constexpr auto commits_gather = 10ms;
constexpr std::size_t max_buffered = 10'000;
constexpr auto pause_after_trouble = 1s;

// The clock of event ids: it never goes back while this process lives.
Timestamp event_time() { return TimeUuid::now().timestamp(); }

// The positions that are stored, in the order of their shards.
Task<std::vector<storage::QueuePosition>> stored_positions(storage::Store& store,
                                                           const Context& context) {
  auto stored = co_await store.slice(context, storage::queue_positions, {outbox_events.name},
                                     storage::SliceQuery<>{.size = storage::queue_shards});
  co_return std::move(stored.rows);
}

}  // namespace

Task<void> OutboxSource::acknowledge(const Context& context, std::span<const Receipt> delivered) {
  storage::Batch batch;
  for (const Receipt& receipt : delivered)
    batch.remove(outbox_events, {receipt.shard, receipt.minute, receipt.event});
  // Not atomically: on Cassandra a logged batch of so many partitions is expensive.
  co_await store_.write_non_atomic(context, std::move(batch));
}

Task<void> OutboxSource::move_to_dead_letters(const Context& context, const DeadLetter& dead,
                                              const Receipt& event) {
  storage::Batch batch;
  batch.insert(outbox_dead_letters, dead);
  batch.remove(outbox_events, {event.shard, event.minute, event.event});
  co_await store_.commit(context, std::move(batch));
}

Relay::Relay(storage::Store& store, EventHandlers handlers, const Options& options,
             EventMetrics& metrics)
    : store_(store),
      handlers_(std::move(handlers)),
      options_(options),
      metrics_(metrics),
      outbox_(store) {
  store_.watch(outbox_events, [this](OutboxEvent event) { written(std::move(event)); });
  if (options_.shared) {
    rescans_ = {{options_.rescan_interval, visible_after, {}},
                {visible_at_last, 2 * visible_at_last, {}}};
    lease_.emplace(store_, lease_name, options_.lease_duration);
    lease_->beat();
    beats_.emplace(options_.lease_duration / time_limits::beats_in_lifetime,
                   [this] { lease_->beat(); });
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
  if (deliver_or_buffer(std::move(event), shard)) return;
  shard.gap_since = std::min(shard.gap_since.value_or(written), written);
  shard.live = false;
  wake_.notify_all();
}

// False if the event must be read from the outbox. On a shared store every event must: earlier ones
// of other processes are known only by reading.
bool Relay::deliver_or_buffer(OutboxEvent event, Shard& shard) {
  if (options_.shared) return false;
  if (shard.live) return deliveries_->offer(std::move(event));
  if (shard.gap_since || shard.buffered.size() == max_buffered) return false;
  shard.buffered.push_back(std::move(event));
  return true;
}

void Relay::work(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    try {
      if (deliveries_ && deliveries_->fenced()) stop_delivering();
      if (may_deliver()) {
        if (!deliveries_) start_delivering();
        if (!started_) find_start_positions();
        read_all(stop);
      } else {
        stop_delivering();
      }
    } catch (const std::exception& error) {
      log::warn("cannot read the outbox", {{"error", error.what()}});
      std::unique_lock lock(mutex_);
      wake_.wait_for(lock, stop, pause_after_trouble, [&] { return stop.stop_requested(); });
      continue;
    }
    wait(stop);
  }
  stop_delivering();
}

// From now on committed events are buffered until the earlier ones have been read.
void Relay::start_delivering() {
  auto deliveries = std::make_unique<Deliveries>(outbox_, handlers_, options_.limits, metrics_,
                                                 [this] { return may_deliver(); });
  const std::lock_guard lock(mutex_);
  deliveries_ = std::move(deliveries);
  shards_ = {};
  started_ = false;
}

void Relay::find_start_positions() {
  std::array<Timestamp, storage::queue_shards> starts;
  if (options_.shared) {
    const auto stored = run(stored_positions(store_, context_));
    if (stored.size() != starts.size())
      throw Error(Code::internal, "a position of the outbox is missing");
    std::ranges::transform(stored, starts.begin(), &storage::QueuePosition::position);
  } else {
    // A store of one process is scanned from its beginning: its clock may have been set back, so
    // that saved positions prove nothing.
    starts = run(storage::oldest_rows(store_, context_, outbox_events));
  }
  for (std::size_t shard = 0; shard < shards_.size(); ++shard)
    shards_[shard].from = std::min<Timestamp>(starts[shard], event_time() - usually_visible_after);
  started_ = true;
  next_sweep_ = {};
  positions_saved_ = event_time();
  for (Rescan& rescan : rescans_) rescan.last = positions_saved_;
}

// Called when this process stops or another one has taken over.
void Relay::stop_delivering() {
  if (!deliveries_) return;
  deliveries_->stop();
  try {
    if (may_deliver() && all_live()) save_positions();
  } catch (const std::exception& error) {
    log::warn("cannot save how far events are delivered", {{"error", error.what()}});
  }
  std::unique_ptr<Deliveries> ended;
  const std::lock_guard lock(mutex_);
  ended = std::move(deliveries_);
}

// Reads the shards that are not live and, every reading_interval, all of them.
void Relay::read_all(const std::stop_token& stop) {
  const bool sweep = std::chrono::steady_clock::now() >= next_sweep_;
  if (sweep) start_due_rescans();
  deliveries_->begin_reading();
  bool complete = true;
  for (std::int32_t shard = 0; complete && shard < storage::queue_shards; ++shard)
    if (sweep || !is_live(shards_[static_cast<std::size_t>(shard)])) complete = read(shard, stop);
  deliveries_->end_reading();
  if (!complete) return;
  if (sweep) next_sweep_ = std::chrono::steady_clock::now() + options_.reading_interval;
  if (event_time() - positions_saved_ > storage::position_interval && all_live()) save_positions();
}

void Relay::start_due_rescans() {
  const Timestamp now = event_time();
  for (Rescan& rescan : rescans_) {
    if (now - rescan.last <= rescan.every) continue;
    rescan.last = now;
    for (Shard& shard : shards_) shard.from = std::min<Timestamp>(shard.from, now - rescan.by);
  }
}

// Hands over the events of a shard. False if it was interrupted.
bool Relay::read(std::int32_t number, const std::stop_token& stop) {
  Shard& shard = shards_[static_cast<std::size_t>(number)];
  {
    const std::lock_guard lock(mutex_);
    if (shard.gap_since) shard.from = std::min(shard.from, *shard.gap_since);
    shard.gap_since.reset();
  }
  const Timestamp read_at = event_time();
  storage::MinuteReader reader(store_, context_, outbox_events, number, shard.from,
                               read_at + usually_visible_after);
  while (!reader.done()) {
    if (stop.stop_requested()) return false;
    for (OutboxEvent& event : run(reader.next()))
      if (!hand_over(std::move(event), stop)) return false;
  }
  const std::lock_guard lock(mutex_);
  go_live(shard, read_at);
  return true;
}

// Waits for room. False if this stops or another process delivers.
bool Relay::hand_over(OutboxEvent event, const std::stop_token& stop) {
  while (!deliveries_->offer(event)) {
    if (stop.stop_requested() || deliveries_->fenced() || !may_deliver()) return false;
    deliveries_->wait_for_room(100ms);
  }
  return true;
}

// Delivers what was buffered during the reading. REQUIRES: the mutex is held.
void Relay::go_live(Shard& shard, Timestamp read_at) {
  shard.from = read_at - usually_visible_after;
  for (OutboxEvent& event : shard.buffered) {
    const Timestamp written = event.eventid.timestamp();
    if (shard.gap_since || !deliveries_->offer(std::move(event)))
      shard.gap_since = std::min(shard.gap_since.value_or(written), written);
  }
  shard.buffered.clear();
  shard.live = !shard.gap_since;
}

bool Relay::is_live(const Shard& shard) {
  const std::lock_guard lock(mutex_);
  return shard.live;
}

bool Relay::all_live() {
  return std::ranges::all_of(shards_, [&](const Shard& shard) { return is_live(shard); });
}

// REQUIRES: all shards are live.
void Relay::save_positions() {
  expects(all_live(), "all shards are live when positions are stored");
  const auto delay = options_.shared ? Timestamp::duration(visible_at_last) : usually_visible_after;
  const auto oldest = deliveries_->oldest().value_or(Timestamp::max());
  storage::Batch batch;
  for (std::int32_t shard = 0; shard < storage::queue_shards; ++shard) {
    const Timestamp read = shards_[static_cast<std::size_t>(shard)].from;
    batch.insert(storage::queue_positions,
                 {outbox_events.name, shard, std::min(read, oldest) - delay});
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
  const auto not_live = [&] { return !std::ranges::all_of(shards_, &Shard::live); };
  const bool must_read = wake_.wait_until(lock, stop, next_sweep_, not_live);
  if (must_read && options_.shared)
    wake_.wait_for(lock, stop, commits_gather, [] { return false; });
}

Task<void> make_outbox_positions(storage::Store& store, const Context& context) {
  const Timestamp beginning = storage::first_position(event_time());
  storage::Batch batch;
  const auto stored = co_await stored_positions(store, context);
  for (std::int32_t shard = 0; shard < storage::queue_shards; ++shard)
    if (std::ranges::find(stored, shard, &storage::QueuePosition::shard) == stored.end())
      batch.insert(storage::queue_positions, {outbox_events.name, shard, beginning});
  if (!batch.empty()) co_await store.commit(context, std::move(batch));
}

}  // namespace killrvideo
