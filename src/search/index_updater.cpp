#include "search/index_updater.hpp"

#include <algorithm>
#include <utility>

#include "common/clock.hpp"
#include "common/expects.hpp"
#include "common/log.hpp"
#include "common/slot.hpp"
#include "search/document.hpp"

namespace killrvideo {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t most_waiting = 10'000;
constexpr std::size_t most_in_group = 500;
constexpr std::size_t most_stale = 1'000;
// Few, since whoever calls refresh() meanwhile waits for them.
constexpr std::size_t most_stale_in_group = 100;
constexpr auto stale_interval = 100ms;
constexpr auto queue_check_interval = 1s;
// How often this process looks for what processes that are gone have left in the retry queue.
constexpr auto drain_interval = 15s;

// Calls `make` with all ids or, if some of them cannot be indexed, with each by itself.
template <class Make>
void each_apart_if_needed(std::span<const VideoId> ids, Make make) try {
  make(ids);
} catch (const Error& error) {
  if (ids.size() == 1) return leave_out(ids.front(), error);
  if (error.code() != Code::internal) throw;
  for (const auto& id : ids) each_apart_if_needed(std::span(&id, 1), make);
}

}  // namespace

void leave_out(const VideoId& id, const Error& error) {
  if (error.code() != Code::internal) throw error;
  log::error("a video cannot be indexed and will not be found",
             {{"video", id.to_string()}, {"error", error.what()}});
}

IndexUpdater::IndexUpdater(storage::Store& store, SearchIndex& index, const ActiveIndexes& active,
                           SearchMetrics& metrics)
    : store_(store),
      index_(index),
      active_(active),
      metrics_(metrics),
      worker_(
          "videos to be indexed", {.at_a_time = most_in_group, .waiting = most_waiting},
          [](const VideoId& id) { return id; },
          [this](std::span<const VideoId> ids) { make_agree(ids); }) {}

IndexUpdater::~IndexUpdater() { stopping_ = true; }

void IndexUpdater::start() {
  update_metrics();
  maintenance_.emplace(stale_interval, [this] { maintain(); });
}

// Refreshing ---------------------------------------------------------------------------------

Task<void> IndexUpdater::refresh(const Context&, VideoId id) {
  const Slot refreshing(refreshing_);
  const Slot waiting(metrics_.waiting);
  co_await worker_.process(id);
}

void IndexUpdater::refresh_now(std::span<const VideoId> ids) {
  each_apart_if_needed(ids, [&](std::span<const VideoId> some) { make_agree(some); });
}

void IndexUpdater::refresh_soon(std::span<const VideoId> ids) {
  const std::lock_guard lock(stale_mutex_);
  for (const auto& id : ids)
    if (stale_entries_.size() < most_stale && stale_entries_.insert(id).second) ++metrics_.waiting;
}

void IndexUpdater::make_agree(std::span<const VideoId> ids) {
  if (ids.empty()) return;
  const std::lock_guard lock(changing_);
  if (recording_) recorded_.insert(recorded_.end(), ids.begin(), ids.end());
  if (!index_.is_open()) {
    // Other processes may be building a remote one, and hear nothing of this.
    if (index_.is_remote()) retry_later(ids);
    return;
  }
  try {
    apply(ids);
  } catch (const Error& error) {
    if (error.code() != Code::unavailable || !index_.is_remote()) throw;
    retry_later(ids);
  }
  metrics_.videos = index_.size();
}

// A build of another process gets the changes if it began before the rows were read; if it began
// later, it reads them itself.
void IndexUpdater::apply(std::span<const VideoId> ids) {
  const auto changes = changes_for(ids);
  index_.apply(changes, index_.is_remote() ? active_.begun() : std::vector<Uuid>{});
}

IndexChanges IndexUpdater::changes_for(std::span<const VideoId> ids) {
  IndexChanges changes;
  changes.as_of = now();
  const auto rows = run(store_.get_many(context_, videos, ids));
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (const auto& row = rows[i]) {
      changes.present.push_back(indexed(*row));
    } else {
      changes.absent.push_back(ids[i]);
    }
  }
  return changes;
}

void IndexUpdater::retry_later(std::span<const VideoId> ids) {
  storage::Batch batch;
  for (const auto& id : ids)
    batch.insert(search_retry_queue, {active_.kind(), TimeUuid::now(), id});
  run(store_.commit(context_, std::move(batch)));
  metrics_.retries += ids.size();
}

// For the builder ----------------------------------------------------------------------------

void IndexUpdater::exclusively(const std::function<void()>& work) {
  const std::lock_guard lock(changing_);
  work();
  metrics_.videos = index_.size();
}

void IndexUpdater::record() {
  const std::lock_guard lock(changing_);
  recording_ = true;
  recorded_.clear();
}

void IndexUpdater::stop_recording() {
  const std::lock_guard lock(changing_);
  recording_ = false;
}

// Most of what was recorded is refreshed while others refresh, the rest while nobody does.
void IndexUpdater::hand_over(IndexBuild& build, const std::function<void()>& take_over) {
  for (bool last = false; !last;) {
    std::unique_lock lock(changing_);
    expects(recording_, "record() was called");
    const auto ids = std::exchange(recorded_, {});
    last = ids.size() <= most_in_group;
    if (!last) lock.unlock();
    for (std::size_t at = 0; at < ids.size(); at += most_in_group) {
      const auto rest = std::span(ids).subspan(at);
      each_apart_if_needed(rest.first(std::min(rest.size(), most_in_group)),
                           [&](std::span<const VideoId> some) { build.apply(changes_for(some)); });
    }
    if (!last) continue;
    take_over();
    recording_ = false;
    metrics_.videos = index_.size();
  }
}

// Maintenance --------------------------------------------------------------------------------

void IndexUpdater::maintain() {
  refresh_stale_entries();
  const auto now = Clock::now();
  if (now < next_check_) return;
  next_check_ = now + queue_check_interval;
  drain_retry_queue();
  update_metrics();
}

void IndexUpdater::refresh_stale_entries() try {
  while (!stopping_ && refreshing_ == 0) {
    const auto ids = take_stale_entries();
    if (ids.empty()) return;
    refresh_now(ids);
  }
} catch (const std::exception& error) {
  log::warn("stale entries of the search index cannot be refreshed", {{"error", error.what()}});
}

std::vector<VideoId> IndexUpdater::take_stale_entries() {
  const std::lock_guard lock(stale_mutex_);
  std::vector<VideoId> some;
  while (!stale_entries_.empty() && some.size() < most_stale_in_group)
    some.push_back(stale_entries_.extract(stale_entries_.begin()).value());
  metrics_.waiting -= some.size();
  return some;
}

void IndexUpdater::drain_retry_queue() try {
  const auto now = Clock::now();
  const bool due = metrics_.retries > 0 || now >= next_drain_;
  if (!due || !index_.is_remote() || !index_.is_open() || !index_.why_unavailable().empty()) return;
  next_drain_ = now + drain_interval;
  const std::lock_guard lock(changing_);
  std::size_t count = 0;
  std::string state;
  do {
    storage::SliceQuery<> wanted{.size = most_in_group, .state = std::move(state)};
    auto waiting =
        run(store_.slice(context_, search_retry_queue, {active_.kind()}, std::move(wanted)));
    if (waiting.rows.empty()) break;
    std::vector<VideoId> ids;
    storage::Batch done;
    for (const IndexRetry& retry : waiting.rows) {
      ids.push_back(retry.videoid);
      done.remove(search_retry_queue, {retry.kind, retry.retryid});
    }
    each_apart_if_needed(ids, [&](std::span<const VideoId> some) { apply(some); });
    if (stopping_) return;
    // A video that was added again meanwhile has another row, which stays.
    run(store_.commit(context_, std::move(done)));
    count += ids.size();
    state = std::move(waiting.state);
  } while (!state.empty());
  metrics_.retries = 0;
  if (count > 0) log::info("the search index has caught up", {{"videos", count}});
} catch (const std::exception& error) {
  log::debug("the search index cannot catch up yet", {{"error", error.what()}});
}

void IndexUpdater::update_metrics() {
  const std::lock_guard lock(changing_);
  metrics_.reachable = index_.why_unavailable().empty();
  metrics_.videos = index_.size();
}

}  // namespace killrvideo
