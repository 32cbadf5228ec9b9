// The recommender: keeps the scores of videos equal to what the ratings say, rating by rating.
//
// See likes.hpp for what the scores are. Ratings that come at the same time are worked on together,
// in one thread, so that nobody else changes a score between its being read and written:
// REQUIRES: no other process does at the same time, which the relay's lease sees to.
//
// What a rating changes is written in two steps. The first is one batch: the user's likes, the
// scores, and a note of which scores are new. The second puts these into the lists of the best and
// removes the note. If the process dies in between, the note is found when the event comes again.
#pragma once

#include <functional>
#include <mutex>
#include <span>

#include "common/context.hpp"
#include "common/group_worker.hpp"
#include "storage/store.hpp"
#include "suggestions/list_versions.hpp"
#include "suggestions/score_changes.hpp"

namespace killrvideo {

class Recommender {
 public:
  /// The store outlives this.
  explicit Recommender(storage::Store& store);
  /// REQUIRES: no call of rated() is under way.
  ~Recommender() = default;

  /// Brings the scores up to date with the user's rating of a video as it is stored now. To repeat
  /// it changes nothing.
  Task<void> rated(const Context& context, VideoId video, UserId user);

  /// Has `work` done while no scores are changed here; blocks until it is done.
  void exclusively(const std::function<void()>& work);

  /// Told of all that changes here: lists of videos and likes of users.
  const ListVersions& versions() const { return versions_; }

 private:
  struct Rating {
    VideoId video;
    UserId user;
  };

  void try_to_apply(std::span<const Rating> group);
  void apply(std::span<const Rating> group);
  void write(ScoreChanges& changes);

  storage::Store& store_;
  ListVersions versions_;
  std::mutex changing_;  // held while scores are changed
  GroupWorker<Rating> worker_;
};

}  // namespace killrvideo
