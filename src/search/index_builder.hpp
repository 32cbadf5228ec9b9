// Builds the search index from the store.
//
// An index that is missing, damaged or not active is rebuilt from all rows, in a thread of its own,
// while the old one, if there is one, goes on being asked and refreshed. What is refreshed
// meanwhile is refreshed in the new one too before it takes over. If videos are written without
// events meanwhile, the index is built once more: its scan may have missed some.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>

#include "catalog/tables.hpp"
#include "common/background_job.hpp"
#include "common/periodic.hpp"
#include "search/active_indexes.hpp"
#include "search/index.hpp"
#include "search/index_updater.hpp"
#include "storage/store.hpp"

namespace killrvideo {

class IndexBuilder {
 public:
  /// Uses, but does not own, all of them.
  IndexBuilder(storage::Store& store, SearchIndex& index, ActiveIndexes& active,
               IndexUpdater& updater);

  /// Opens the active index, or begins to build one. Then it waits for that up to `patience`, so
  /// that a small store is never seen without an index. From now on an index that turns out to be
  /// damaged is rebuilt. Called once, before rebuild().
  void start(std::chrono::milliseconds patience);

  /// Begins to build a new index, unless one is being built. Any thread.
  void rebuild() { job_.begin(); }
  /// How far it is; the total is an estimate until it is done. Any thread.
  JobProgress progress() const { return job_.progress(); }

  /// Begins to build a new index if this process has no active one any more, as after videos were
  /// written without events, and it had none at the call before either. For an index that processes
  /// share; one thread.
  void rebuild_if_inactive();

  /// Builds an index and activates it, in this thread. For commands. REQUIRES: start() was not
  /// called.
  void rebuild_now(const ProgressListener& listener);

 private:
  using Clock = std::chrono::steady_clock;

  void rebuild_and_log(const ProgressListener& listener);
  void build_until_active(const ProgressListener& listener);
  bool build(const ProgressListener& listener);
  void add_all(IndexBuild& build, const ProgressListener& listener);
  std::uint64_t count_videos(const ProgressListener& listener);
  bool take_over(std::unique_ptr<IndexBuild> build, const Uuid& id);
  void check();
  void give_up_damaged();

  storage::Store& store_;
  SearchIndex& index_;
  ActiveIndexes& active_;
  IndexUpdater& updater_;
  bool was_inactive_ = false;       // at the last call of rebuild_if_inactive()
  Clock::time_point next_retry_{};  // of a build that failed
  BackgroundJob job_;
  std::optional<Periodic> checks_;
};

}  // namespace killrvideo
