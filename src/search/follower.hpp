// Follows the newest videos where several processes share a store and each has an index of its own.
//
// Events are delivered by one process only. So each process that serves searches reads the newest
// rows of latest_videos itself, whoever wrote them, and indexes those that its index lacks or has
// with another date: another tool may truncate the tables, and an id may come back as another
// video. A look reads what is dated since the last one, less some seconds for clocks that differ
// and for rows that appear late. A deep look, every five minutes and after a start, reads a day
// more. The row of the active index says how far it has followed, so that a start continues there.
#pragma once

#include <atomic>
#include <chrono>
#include <span>
#include <string>
#include <vector>

#include "catalog/tables.hpp"
#include "search/active_indexes.hpp"
#include "search/index.hpp"
#include "search/index_builder.hpp"

namespace killrvideo {

class Follower {
 public:
  /// Uses, but does not own, all of them.
  Follower(storage::Store& store, SearchIndex& index, ActiveIndexes& active, IndexUpdater& updater,
           IndexBuilder& builder)
      : store_(store), index_(index), active_(active), updater_(updater), builder_(builder) {}

  /// Looks once. An error is logged, and the next look tries again. One thread at a time.
  void look();

  /// Ends a running look early, and all later ones. Any thread.
  void stop() { stopped_ = true; }

 private:
  void try_to_look();
  void look_at_day(const std::string& day, Timestamp from);
  std::vector<VideoId> differing(std::span<const LatestVideo> rows);

  storage::Store& store_;
  SearchIndex& index_;
  ActiveIndexes& active_;
  IndexUpdater& updater_;
  IndexBuilder& builder_;
  const Context context_{};

  std::atomic<bool> stopped_{false};
  bool failing_ = false;
  Uuid followed_;
  std::chrono::steady_clock::time_point looked_deeply_at_;
};

}  // namespace killrvideo
