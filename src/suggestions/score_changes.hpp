// The changes that some ratings make, and writing them.
#pragma once

#include <functional>
#include <unordered_map>
#include <utility>
#include <vector>

#include "storage/store.hpp"
#include "suggestions/likes.hpp"
#include "suggestions/top_list.hpp"

namespace killrvideo {

/// For each video what is added to its scores with others; also 0, where only its list is in doubt.
using ScoreAmounts =
    std::unordered_map<VideoId, std::unordered_map<VideoId, std::int64_t, UuidHash>, UuidHash>;

/// For each video its new scores with others.
using Rescored = std::unordered_map<VideoId, std::vector<Scored>, UuidHash>;

/// Reads the scores and adds the new ones to the batch for their video. Blocks.
Rescored change_scores(storage::Store& store, const ScoreAmounts& amounts,
                       const std::function<storage::Batch&(const VideoId&)>& batch_of);

/// Puts scores into the lists of the best, and with the last of these commits `last`. Repeating it
/// changes nothing. Blocks.
void update_lists(storage::Store& store, const Rescored& changed, storage::Batch last);

/// All scores of a video, from the store: with as many videos as are among the likes of those who
/// like it. That is read when its list has lost more than TopList::most - TopList::least since the
/// last time, so that it costs an update a fiftieth of it.
std::vector<Scored> all_scores(storage::Store& store, const VideoId& video);

/// What has to be done for ratings of different users. One thread; blocks; throws Errors of the
/// store.
class ScoreChanges {
 public:
  explicit ScoreChanges(storage::Store& store) : store_(store) {}

  /// Adds what a user's rating of a video changes, as it is stored now, and what an earlier change
  /// of that user's has left undone. REQUIRES: nothing of that user was added before.
  void add(const VideoId& video, const UserId& user);

  /// How many scores change.
  std::size_t size() const;

  /// Calls `visit` with each video of which scores change.
  template <class Visit>
  void each_video(Visit&& visit) const {
    for (const auto& [video, others] : amounts_) visit(video);
  }

  /// Writes it all.
  void write();

 private:
  void note(const UserId& user, std::vector<VideoId> changed, std::vector<VideoId> all);

  storage::Store& store_;
  const Context context_{};
  storage::Batch first_;  // everything but the lists
  storage::Batch last_;   // when the lists are written
  ScoreAmounts amounts_;
};

}  // namespace killrvideo
