// The second half of the recommender where several processes share its work: adds to the scores of
// videos and keeps their lists.
//
// REQUIRES: the scores of one video are kept by one process at a time, which Kafka sees to by the
// key of what it hands over. What was added of a user's changes is stored in one batch with the
// scores, so that nothing is added twice; the lists are brought up to date after that, also by what
// comes again.
#pragma once

#include <span>

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
  Task<void> add(recommender::events::ScoresChanged changed);

 private:
  using Group = std::span<const recommender::events::ScoresChanged>;

  void work(Group group);
  bool is_current(const recommender::events::ScoresChanged& changed, Timestamp made_at) const;

  storage::Store& store_;
  const MadeWatch& made_;
  GroupWorker<recommender::events::ScoresChanged> worker_;
};

}  // namespace killrvideo
