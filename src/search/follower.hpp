// Follows the newest videos where several processes share a store.
//
// Events are delivered by one process, but each has an index of its own. So each that serves
// searches looks at the newest rows of latest_videos itself, whoever wrote them, and has those
// indexed that its index does not have, or has with another date: another tool may truncate the
// tables, and an id may come back as another video. A look reads what is dated since the last one,
// less some seconds for clocks that differ and for rows that appear late; a deep look, now and then
// and after a start, reads a day more. How far it has come is kept with the index that is in force,
// so that a start goes on from there.
#pragma once

#include <atomic>
#include <chrono>
#include <span>
#include <string>
#include <vector>

#include "catalog/tables.hpp"
#include "search/in_force.hpp"
#include "search/index.hpp"
#include "search/indexer.hpp"

namespace killrvideo {

class Follower {
 public:
  /// Uses, but does not own, all of them. `in_force` is the indexer's.
  Follower(storage::Store& store, SearchIndex& index, Indexer& indexer, FollowedIndex& in_force)
      : store_(store), index_(index), indexer_(indexer), in_force_(in_force) {}

  /// Looks once. What fails is logged and tried again by the next look. One thread at a time.
  void look();

  /// Cuts off a look that is under way, and all others. Any thread.
  void stop() { stopped_ = true; }

 private:
  void try_to_look();
  bool is_time_for_deep_look(const Uuid& id) const;
  void look_from(Timestamp from);
  void look_at_day(const std::string& day, Timestamp from);
  std::vector<VideoId> not_as_indexed(std::span<const LatestVideo> rows);

  storage::Store& store_;
  SearchIndex& index_;
  Indexer& indexer_;
  FollowedIndex& in_force_;
  const Context context_{};

  std::atomic<bool> stopped_{false};
  bool failing_ = false;
  Uuid followed_;
  std::chrono::steady_clock::time_point looked_deeply_at_;
};

}  // namespace killrvideo
