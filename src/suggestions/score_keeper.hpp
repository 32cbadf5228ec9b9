// The second half of the recommender where several processes share its work: adds to the scores of
// videos and keeps their lists.
//
// REQUIRES: the scores of one video are kept by one process at a time, which Kafka sees to by the
// key of what it hands over. What was added of a user's changes is stored in one batch with the
// scores, so that nothing is added twice; the lists are brought up to date after that, also by what
// comes again.
#pragma once

#include <span>
#include <vector>

#include "common/group_worker.hpp"
#include "recommender/recommender_events.pb.h"
#include "storage/store.hpp"
#include "suggestions/made_watch.hpp"

namespace killrvideo {

class ScoreKeeper {
 public:
  /// What is given outlives this.
  ScoreKeeper(storage::Store& store, const MadeWatch& made);

  /// Adds what a LikeCounter has handed over, unless all scores were made anew since. To repeat it
  /// adds nothing. Throws unavailable while suggestions are made anew, and invalid_argument if it
  /// cannot be read.
  Task<void> add(const recommender::events::ScoresChanged& changed);

 private:
  struct ByUser {
    UserId user;
    std::int64_t number;
    std::vector<VideoId> others;
    std::vector<std::int64_t> amounts;
  };
  // What a message says.
  struct Change {
    VideoId video;
    Timestamp made_at;  // the scores that it is for
    std::vector<ByUser> by_users;
  };

  static Change read(const recommender::events::ScoresChanged& message);
  void work(std::span<const Change> group);
  bool is_current(const Change& change, Timestamp made_at) const;
  void apply(std::span<const Change* const> changes, Timestamp made_at);

  storage::Store& store_;
  const MadeWatch& made_;
  GroupWorker<Change> worker_;
};

}  // namespace killrvideo
