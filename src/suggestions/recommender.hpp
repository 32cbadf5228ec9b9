// The recommender: keeps the scores of videos equal to what the ratings say, rating by rating.
//
// likes.hpp defines the scores. What a rating changes depends on the user's other likes, and adds
// to the scores of each video that the user likes, while ratings come by the video that was rated.
// So there are two steps: UserLikes finds the deltas, VideoScores adds them. Where several
// processes share the work, ratings and deltas are published with the user and the video as keys,
// and each key is handled by one process at a time.
#pragma once

#include <google/protobuf/message.h>

#include <functional>
#include <optional>

#include "common/periodic.hpp"
#include "suggestions/user_likes.hpp"

namespace killrvideo {

class Recommender {
 public:
  /// Returns when it is certain that the message will come to whoever is responsible for its key.
  using Publish =
      std::function<Task<void>(const Context&, const Uuid& key, const google::protobuf::Message&)>;

  struct Options {
    /// Whether a reader of the store sees all rows of a batch or none.
    bool batches_appear_whole = true;
    /// How processes share the work; empty: this one does it all. REQUIRES then: no other process
    /// counts ratings at the same time, which the relay's lease sees to.
    Publish publish{};
  };

  /// The store outlives this, and what `publish` uses.
  Recommender(storage::Store& store, Options options);

  bool is_shared() const { return shared_ != nullptr; }
  /// Whether ratings may be counted and scores changed now, where processes share the work: not
  /// while suggestions are rebuilt. Any thread.
  bool may_run() const { return epoch_.known().has_value(); }

  /// Brings the scores up to date with the user's rating of a video as it is stored now, or has
  /// this done by whoever counts this user's. Repeating it changes nothing. Throws unavailable
  /// while suggestions are rebuilt by another process.
  Task<void> rated(const Context& context, VideoId video, UserId user);

  /// The handlers of the messages that processes publish for each other.
  Task<void> count(const Context& context, const recommender::events::RatingToCount& rating);
  Task<void> add(const Context& context, const recommender::events::ScoresChanged& message);

  /// Runs `work` while no scores are changed here; blocks until it is done.
  void exclusively(const std::function<void()>& work);

  /// Counts all that this process changes: lists of videos and likes of users.
  const ChangeCounters& changes() const { return changes_; }

 private:
  UserLikes::Publish publish_deltas(const Options& options);

  const Publish shared_;
  ChangeCounters changes_;
  RebuildEpoch epoch_;
  VideoScores scores_;
  UserLikes likes_;
  std::optional<Periodic> looks_;  // at the epoch
};

}  // namespace killrvideo
