// Keeps the search index in agreement with the videos table.
//
// There is one operation, refresh: it reads a video's row and makes the index agree, whether the
// video is new, changed or gone. Refreshes can be repeated and come in any order. So events that
// are delivered twice, and stale entries that searches meet, need nothing else. Refreshes gather
// while the group before is committed, and then share a commit.
//
// An index on a server that is unavailable misses refreshes. They count as done, so that they hold
// up nothing, once they are in the table search_retry_queue: when the server is back, this process
// or another one with the same index carries them out.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <mutex>
#include <optional>
#include <span>
#include <unordered_set>
#include <vector>

#include "catalog/tables.hpp"
#include "common/group_worker.hpp"
#include "common/periodic.hpp"
#include "search/active_indexes.hpp"
#include "search/index.hpp"
#include "search/metrics.hpp"
#include "storage/store.hpp"

namespace killrvideo {

/// For a video that an index refused: logs that it will not be found if it cannot be indexed
/// (internal), so that it holds up no other one. Rethrows all other errors.
void leave_out(const VideoId& id, const Error& error);

/// Any thread may call any function.
class IndexUpdater {
 public:
  /// Uses, but does not own, all of them.
  IndexUpdater(storage::Store& store, SearchIndex& index, const ActiveIndexes& active,
               SearchMetrics& metrics);
  /// Carries out the refreshes that wait. REQUIRES: no call of refresh() is running.
  ~IndexUpdater();
  IndexUpdater(const IndexUpdater&) = delete;
  IndexUpdater& operator=(const IndexUpdater&) = delete;

  /// Begins to refresh stale entries and to drain the retry queue. Called once.
  void start();

  /// Makes the index agree with the video's row; the change is on disk, and seen by every search,
  /// when it returns. While there is no index, it returns at once: the one that is being built will
  /// agree. Throws Error: resource_exhausted if too many wait, and those of the store and the
  /// index. The calling coroutine resumes in the updater's thread and must not block it.
  Task<void> refresh(const Context& context, VideoId id);

  /// The same for several, in this thread. One that cannot be indexed is logged and left out.
  void refresh_now(std::span<const VideoId> ids);

  /// Refreshes stale entries soon, when no refresh() waits; not at all if too many of them wait.
  void refresh_soon(std::span<const VideoId> ids);

  /// Calls `work` while nothing is refreshed: for whoever opens or closes the index.
  void exclusively(const std::function<void()>& work);

  /// Remembers what is refreshed from now on, for an index that is being built.
  void record();
  void stop_recording();
  /// Refreshes in `build` what was recorded, then calls `take_over` while nothing is refreshed, and
  /// stops recording. Rethrows what `take_over` throws. REQUIRES: record() was called.
  void hand_over(IndexBuild& build, const std::function<void()>& take_over);

 private:
  using Clock = std::chrono::steady_clock;

  void make_agree(std::span<const VideoId> ids);
  void apply(std::span<const VideoId> ids);
  IndexChanges changes_for(std::span<const VideoId> ids);
  void retry_later(std::span<const VideoId> ids);

  void maintain();
  void refresh_stale_entries();
  std::vector<VideoId> take_stale_entries();
  void drain_retry_queue();
  void update_metrics();

  storage::Store& store_;
  SearchIndex& index_;
  const ActiveIndexes& active_;
  SearchMetrics& metrics_;
  const Context context_{};

  std::mutex changing_;  // held by whoever changes the index or says which one is active
  bool recording_ = false;
  std::vector<VideoId> recorded_;

  std::atomic<std::size_t> refreshing_{0};  // calls of refresh()
  std::mutex stale_mutex_;
  std::unordered_set<VideoId, UuidHash> stale_entries_;

  std::atomic<bool> stopping_{false};
  Clock::time_point next_check_{};  // of the retry queue and the metrics
  Clock::time_point next_drain_{};  // of what other processes have left

  GroupWorker<VideoId> worker_;
  std::optional<Periodic> maintenance_;
};

}  // namespace killrvideo
