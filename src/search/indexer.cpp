#include "search/indexer.hpp"

#include <algorithm>

#include "common/clock.hpp"
#include "common/log.hpp"
#include "search/document.hpp"
#include "storage/bulk.hpp"

namespace killrvideo {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t most_waiting = 10'000;
constexpr std::size_t most_leftovers = 1'000;
constexpr std::size_t most_in_group = 500;
constexpr std::size_t most_leftovers_in_group = 100;
constexpr auto look_interval = 1s;    // at whether the index is still good
constexpr auto retry_interval = 10s;  // of a build that failed and is needed
// How often this process looks for what others have missed that are there no more.
constexpr auto catching_up_interval = 15s;

// One video that cannot be indexed, whatever its row may have in it, is in nobody's way. Whatever
// else fails is thrown again.
void leave_out(const VideoId& id, const Error& error) {
  if (error.code() != Code::internal) throw error;
  log::error("a video cannot be indexed and will not be found",
             {{"video", id.to_string()}, {"error", error.what()}});
}

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

Indexer::~Indexer() {
  builder_.request_stop();
  if (builder_.joinable()) builder_.join();
  {
    std::lock_guard lock(mutex_);
    ending_ = true;
  }
  wake_.notify_all();
}

void Indexer::start(std::chrono::milliseconds patience) {
  const auto id = in_force_.find(index_.at_hand());
  const bool open = id && index_.open(*id);
  if (!open) in_force_.put_none();
  tell_size();
  builder_ = std::jthread([this](const std::stop_token& stop) { build_loop(stop); });
  refresher_ = std::jthread([this] { refresh_loop(); });
  if (open) return;
  log::info("the search index is built from the store; until then searches are refused",
            {{"reason", id ? "the one in force cannot be used here" : "there is none"}});
  rebuild();
  std::unique_lock lock(progress_mutex_);
  progress_changed_.wait_for(lock, patience, [&] { return !rebuild_wanted_; });
}

// Refreshing ---------------------------------------------------------------------------------

Task<void> Indexer::refresh(const Context&, VideoId id) {
  co_await asio::async_initiate<decltype(use_task), void(std::exception_ptr)>(
      [&](auto handler) {
        enqueue({id, [handler = std::move(handler)](std::exception_ptr error) mutable {
                   std::move(handler)(error);
                 }});
      },
      use_task);
}

void Indexer::refresh_soon(std::span<const VideoId> ids) {
  std::lock_guard lock(mutex_);
  for (const auto& id : ids)
    if (leftovers_.size() < most_leftovers) leftovers_.insert(id);
  count_waiting();
  wake_.notify_one();
}

void Indexer::enqueue(Waiting waiting) {
  {
    std::lock_guard lock(mutex_);
    if (waiting_.size() < most_waiting) {
      waiting_.push_back(std::move(waiting));
      count_waiting();
      wake_.notify_one();
      return;
    }
  }
  waiting.done(std::make_exception_ptr(
      Error(Code::resource_exhausted, "too many videos wait to be indexed")));
}

void Indexer::refresh_loop() {
  for (;;) {
    auto group = take_waiting();
    if (!group.empty()) {
      refresh_group(std::move(group));
    } else if (const auto leftovers = take_leftovers(); !leftovers.empty()) {
      refresh_leftovers(leftovers);
    } else if (std::lock_guard lock(mutex_); ending_ && waiting_.empty()) {
      return;
    }
    if (index_.broken()) abandon();
    catch_up();
    tell_state();
  }
}

std::vector<Indexer::Waiting> Indexer::take_waiting() {
  std::unique_lock lock(mutex_);
  wake_.wait_for(lock, look_interval,
                 [&] { return ending_ || !waiting_.empty() || !leftovers_.empty(); });
  const auto end =
      waiting_.begin() + static_cast<std::ptrdiff_t>(std::min(waiting_.size(), most_in_group));
  std::vector<Waiting> group(std::make_move_iterator(waiting_.begin()),
                             std::make_move_iterator(end));
  waiting_.erase(waiting_.begin(), end);
  count_waiting();
  return group;
}

// Few at a time, as whoever comes meanwhile waits for them.
std::vector<VideoId> Indexer::take_leftovers() {
  std::lock_guard lock(mutex_);
  if (ending_) leftovers_.clear();
  std::vector<VideoId> some;
  while (!leftovers_.empty() && some.size() < most_leftovers_in_group)
    some.push_back(leftovers_.extract(leftovers_.begin()).value());
  count_waiting();
  return some;
}

void Indexer::refresh_leftovers(std::span<const VideoId> ids) try {
  refresh_now(ids);
} catch (const std::exception& error) {
  log::warn("leftovers in the search index cannot be mended", {{"error", error.what()}});
}

void Indexer::tell_state() {
  const std::lock_guard lock(changing_);
  metrics_->reachable = index_.problem().empty();
  tell_size();
}

void Indexer::refresh_group(std::vector<Waiting> group) {
  std::vector<VideoId> ids;
  for (const auto& waiting : group)
    if (std::ranges::find(ids, waiting.id) == ids.end()) ids.push_back(waiting.id);
  std::exception_ptr error;
  try {
    make_agree(ids);
  } catch (...) {
    error = std::current_exception();
  }
  if (error && ids.size() > 1) {
    // One that cannot be indexed is not to stand in the others' way.
    for (auto& waiting : group) {
      std::vector<Waiting> one;
      one.push_back(std::move(waiting));
      refresh_group(std::move(one));
    }
    return;
  }
  for (auto& waiting : group)
    if (waiting.done) waiting.done(error);
}

void Indexer::refresh_now(std::span<const VideoId> ids) {
  each_apart_if_needed(ids, [&](std::span<const VideoId> some) { make_agree(some); });
}

void Indexer::make_agree(std::span<const VideoId> ids) {
  if (ids.empty()) return;
  std::lock_guard lock(changing_);
  if (building_) refreshed_.insert(refreshed_.end(), ids.begin(), ids.end());
  if (!index_.is_open()) {
    // What is elsewhere others may be building, without a word of this.
    if (index_.is_elsewhere()) miss(ids);
    return;
  }
  try {
    run(index_.apply(context_, changes_for(ids)));
  } catch (const Error& error) {
    if (error.code() != Code::unavailable || !index_.is_elsewhere()) throw;
    miss(ids);
  }
  tell_size();
}

void Indexer::miss(std::span<const VideoId> ids) {
  missed_.add(ids);
  metrics_->missed += ids.size();
}

void Indexer::catch_up() try {
  const auto now = std::chrono::steady_clock::now();
  const bool due = metrics_->missed > 0 || now >= next_catching_up_;
  if (!due || !index_.is_elsewhere() || !index_.is_open() || !index_.problem().empty()) return;
  next_catching_up_ = now + catching_up_interval;
  const std::lock_guard lock(changing_);
  bool all = true;
  const auto count = missed_.take_up([&](std::span<const VideoId> ids) {
    each_apart_if_needed(ids, [&](std::span<const VideoId> some) {
      run(index_.apply(context_, changes_for(some)));
    });
    const std::lock_guard ending(mutex_);
    return all = !ending_;
  });
  if (!all) return;
  metrics_->missed = 0;
  if (count > 0) log::info("the search index has caught up", {{"videos", count}});
} catch (const std::exception& error) {
  log::debug("the search index cannot catch up yet", {{"error", error.what()}});
}

void Indexer::complete() try {
  const std::lock_guard lock(changing_);
  const bool incomplete = index_.is_open() && !building_ && !in_force_.find(index_.at_hand());
  if (incomplete && was_incomplete_) {
    log::info("the search index is built anew, as it may be incomplete");
    rebuild();
  }
  was_incomplete_ = incomplete;
} catch (const std::exception& error) {
  log::warn("cannot tell whether the search index is complete", {{"error", error.what()}});
}

IndexChanges Indexer::changes_for(std::span<const VideoId> ids) {
  const std::vector<std::tuple<VideoId>> keys(ids.begin(), ids.end());
  IndexChanges changes;
  changes.as_of = now();
  const auto rows = run(store_.get_many(context_, videos, std::span(keys)));
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (const auto& row = rows[i]) {
      changes.present.push_back(indexed(*row));
    } else {
      changes.absent.push_back(ids[i]);
    }
  }
  return changes;
}

// In this order: an index that is not asked any more must not be taken for the one in force after
// a restart either, as refreshes do not reach it from now on.
void Indexer::abandon() try {
  std::lock_guard lock(changing_);
  in_force_.put_none();
  index_.close();
  tell_size();
  rebuild();
} catch (const std::exception& error) {
  log::warn("the damaged search index cannot be given up yet", {{"error", error.what()}});
}

// Building -----------------------------------------------------------------------------------

void Indexer::rebuild() {
  std::lock_guard lock(progress_mutex_);
  if (rebuild_wanted_) return;
  rebuild_wanted_ = true;
  progress_ = {.running = true, .what = "search index"};
  progress_changed_.notify_all();
}

JobProgress Indexer::progress() const {
  std::lock_guard lock(progress_mutex_);
  return progress_;
}

void Indexer::rebuild_now(const Listener& listener) {
  in_force_.find(index_.at_hand());  // to be replaced
  build({}, listener);
}

void Indexer::build_loop(const std::stop_token& stop) {
  for (;;) {
    {
      std::unique_lock lock(progress_mutex_);
      if (!progress_changed_.wait(lock, stop, [&] { return rebuild_wanted_; })) return;
    }
    const auto failure = try_to_build(stop);
    if (stop.stop_requested()) return;
    {
      std::unique_lock lock(progress_mutex_);
      progress_.running = false;
      progress_.failure = failure;
      rebuild_wanted_ = false;
      progress_changed_.notify_all();
      if (failure.empty() || index_.is_open()) continue;
      progress_changed_.wait_for(lock, stop, retry_interval, [] { return false; });
    }
    rebuild();
  }
}

std::string Indexer::try_to_build(const std::stop_token& stop) try {
  const auto began = std::chrono::steady_clock::now();
  build(stop, [&](std::uint64_t done, std::uint64_t total) {
    std::lock_guard lock(progress_mutex_);
    progress_.done = done;
    progress_.total = total;
  });
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::steady_clock::now() - began);
  last_failure_.clear();
  log::info("the search index is built", {{"videos", index_.size()}, {"ms", took.count()}});
  return {};
} catch (const std::exception& error) {
  if (!stop.stop_requested() && std::exchange(last_failure_, error.what()) != error.what())
    log::error("the search index cannot be built", {{"error", error.what()}});
  return error.what();
}

void Indexer::build(const std::stop_token& stop, const Listener& listener) {
  const auto id = Uuid::random();
  {
    std::lock_guard lock(changing_);
    building_ = true;
    refreshed_.clear();
  }
  try {
    in_force_.begin(id, now());
    auto build = index_.build(id);
    add_all(*build, stop, listener);
    build->finish();
    take_over(std::move(build), id);
  } catch (...) {
    std::lock_guard lock(changing_);
    building_ = false;
    throw;
  }
}

void Indexer::add_all(IndexBuild& build, const std::stop_token& stop, const Listener& listener) {
  auto total = index_.size();
  if (total == 0) total = count_videos(stop);
  std::uint64_t done = 0;
  each_page(stop, [&](const std::vector<Video>& page) {
    for (const auto& video : page) {
      try {
        build.add(indexed(video));
      } catch (const Error& error) {
        leave_out(video.videoid, error);
      }
      ++done;
      listener(done, std::max(done + 1, total));
    }
  });
  listener(done, done);
}

std::uint64_t Indexer::count_videos(const std::stop_token& stop) {
  std::uint64_t count = 0;
  each_page(stop, [&](const std::vector<Video>& page) { count += page.size(); });
  return count;
}

void Indexer::each_page(const std::stop_token& stop,
                        const std::function<void(const std::vector<Video>&)>& visit) {
  storage::scan_all(store_, videos, [&](const std::vector<Video>& page) {
    if (stop.stop_requested()) throw Error(Code::unavailable, "the program is being ended");
    visit(page);
  });
}

// Most of what was refreshed meanwhile is brought in while refreshing goes on, the rest when
// nothing can be refreshed any more.
void Indexer::take_over(std::unique_ptr<IndexBuild> build, const Uuid& id) {
  for (;;) {
    std::unique_lock lock(changing_);
    auto ids = std::exchange(refreshed_, {});
    const bool last = ids.size() <= most_in_group;
    if (!last) lock.unlock();
    for (std::size_t at = 0; at < ids.size(); at += most_in_group) {
      const auto rest = std::span(ids).subspan(at);
      const auto some = rest.first(std::min(rest.size(), most_in_group));
      each_apart_if_needed(some,
                           [&](std::span<const VideoId> part) { build->apply(changes_for(part)); });
    }
    if (!last) continue;
    in_force_.put(id);
    building_ = false;
    build.reset();
    if (!index_.open(id)) throw Error(Code::internal, "the index that was built cannot be opened");
    tell_size();
    return;
  }
}

}  // namespace killrvideo
