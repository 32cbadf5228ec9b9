// The recommender where several processes share its work, over Kafka.
//
// What a rating changes hangs together by its user (which likes count) and by each of the videos
// that the user likes (their scores and lists), while ratings come by the video that was rated. So
// a rating is passed on twice: by its user to a LikeCounter, and what that finds by video to
// ScoreKeepers. Each key is one process's at a time, and any number of processes may take part.
#pragma once

#include "common/periodic.hpp"
#include "recommender/recommender_events.pb.h"
#include "suggestions/like_counter.hpp"
#include "suggestions/made_watch.hpp"
#include "suggestions/score_keeper.hpp"

namespace killrvideo {

class SharedRecommender {
 public:
  /// The store outlives this, and what `publish` uses.
  SharedRecommender(storage::Store& store, LikeCounter::Publish publish);

  /// Whether ratings may be counted and scores changed now: not while they are made anew. Any
  /// thread.
  bool may_work() const { return made_.made_at().has_value(); }

  /// Passes a rating on to whoever counts its user's.
  Task<void> rated(const Context& context, VideoId video, UserId user);

  /// What comes to this process of what was passed on.
  Task<void> count(const Context& context, const recommender::events::RatingToCount& rating);
  Task<void> change(const Context& context, const recommender::events::ScoresChanged& changed);

 private:
  const LikeCounter::Publish publish_;
  MadeWatch made_;
  LikeCounter counter_;
  ScoreKeeper keeper_;
  Periodic looks_;
};

}  // namespace killrvideo
