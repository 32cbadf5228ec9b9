// The video's step of the recommender: adds deltas to the scores of videos.
//
// REQUIRES: the scores of one video are changed by one process at a time. Between processes, Kafka
// sees to that by the key of the deltas. All that changes for a video is one batch in one
// partition: its scores, the list of the best of them, and the sequence of the deltas that they now
// contain, so that nothing is added twice.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <functional>
#include <mutex>
#include <span>
#include <vector>

#include "common/group_worker.hpp"
#include "recommender/recommender_events.pb.h"
#include "storage/store.hpp"
#include "suggestions/change_counters.hpp"
#include "suggestions/rebuild_epoch.hpp"
#include "suggestions/tables.hpp"

namespace killrvideo {

template <class Id, class Value>
using ById = boost::unordered_flat_map<Id, Value, UuidHash>;

/// For each video what is added to its scores with others.
using ScoreAmounts = ById<VideoId, ById<VideoId, std::int64_t>>;

/// Reads the scores and lists of videos, and adds the rows that change to the batch for each video.
/// Blocks.
void change_scores(storage::Store& store, const ScoreAmounts& amounts,
                   const std::function<storage::Batch&(const VideoId&)>& batch_of);

/// All scores of a video, from the store: with as many videos as are among the likes of those who
/// like it.
std::vector<Ranked> all_scores(storage::Store& store, const VideoId& video);

/// Adds what makes `list` the list of the video, in which it is empty if there is none.
void put_list(storage::Batch& batch, const VideoId& video, const ScoreList& list);

class VideoScores {
 public:
  /// All outlive this. `changes` counts videos whose lists change.
  VideoScores(storage::Store& store, RebuildEpoch& epoch, ChangeCounters& changes);

  /// Adds what UserLikes has published, unless all scores were rebuilt since. Repeating it adds
  /// nothing. Throws unavailable while suggestions are rebuilt, and invalid_argument if the message
  /// cannot be read.
  Task<void> add(const recommender::events::ScoresChanged& message);

  /// Runs `work` while no scores are changed here.
  void exclusively(const std::function<void()>& work);

 private:
  void apply(std::span<const recommender::events::ScoresChanged> group);
  bool is_current(Timestamp of_message, Timestamp epoch) const;

  storage::Store& store_;
  RebuildEpoch& epoch_;
  ChangeCounters& changes_;
  std::mutex changing_;  // held while scores are changed
  GroupWorker<recommender::events::ScoresChanged> worker_;
};

}  // namespace killrvideo
