// The user's step of the recommender: finds what a rating changes of a user's likes, and what that
// adds to the scores of videos.
//
// REQUIRES: the ratings of one user are counted by one process at a time. Between processes, Kafka
// sees to that by the key of the ratings.
#pragma once

#include <functional>
#include <mutex>
#include <optional>
#include <span>

#include "common/group_worker.hpp"
#include "storage/store.hpp"
#include "suggestions/tables.hpp"
#include "suggestions/video_scores.hpp"

namespace killrvideo {

class UserLikes {
 public:
  /// Returns when it is certain that VideoScores::add() will be called with the message, in the
  /// process that keeps the scores of its video.
  using Publish =
      std::function<Task<void>(const Context&, const recommender::events::ScoresChanged&)>;

  /// With `publish`, deltas get a sequence and are stored in one batch with the likes; what was not
  /// published when a process died is published when the rating's event comes again, or with the
  /// user's next rating. Without it, likes, scores and lists are one batch: only where a batch is
  /// never visible in part, and nobody else changes scores. All that is referred to outlives this;
  /// `changes` counts users whose likes change and, without `publish`, videos.
  UserLikes(storage::Store& store, RebuildEpoch& epoch, ChangeCounters& changes, Publish publish);

  /// Counts the user's rating of a video, as it is stored now. Repeating it adds nothing. With
  /// `publish` it throws unavailable while suggestions are rebuilt.
  Task<void> count(const Context& context, VideoId video, UserId user);

  /// Runs `work` while no ratings are counted here.
  void exclusively(const std::function<void()>& work);

 private:
  struct Rating {
    VideoId video;
    UserId user;
    Trace trace;
  };

  void work(std::span<const Rating> group);
  void count_in_one_batch(std::span<const Rating> group);
  void count_and_publish(std::span<const Rating> group);
  Task<std::optional<PublishedDeltas>> count_one(const Context& context, const Rating& rating,
                                                 Timestamp epoch);
  Task<void> publish(const Context& context, std::span<const PublishedDeltas> counted);

  storage::Store& store_;
  RebuildEpoch& epoch_;
  ChangeCounters& changes_;
  const Publish publish_;
  std::mutex counting_;  // held while ratings are counted
  GroupWorker<Rating> worker_;
};

}  // namespace killrvideo
