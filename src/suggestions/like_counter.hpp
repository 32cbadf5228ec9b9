// The first half of the recommender where several processes share its work: counts the likes of
// users, and hands over what that adds to the scores of videos.
//
// REQUIRES: the ratings of one user are counted by one process at a time, which Kafka sees to by
// their key. What a rating adds to scores has a number, and is stored in one batch with the likes;
// what was not handed over when a process died is handed over when the rating's event comes again,
// or the user's next one.
#pragma once

#include <google/protobuf/message.h>

#include <functional>
#include <optional>
#include <span>

#include "common/group_worker.hpp"
#include "storage/store.hpp"
#include "suggestions/made_watch.hpp"
#include "suggestions/tables.hpp"

namespace killrvideo {

class LikeCounter {
 public:
  /// Ends when it is certain that a message will come to whoever is responsible for its key.
  using Publish =
      std::function<Task<void>(const Context&, const Uuid& key, const google::protobuf::Message&)>;

  /// What is given outlives this.
  LikeCounter(storage::Store& store, const MadeWatch& made, const Publish& publish);

  /// Counts the user's rating of a video, as it is stored now, and hands over (as ScoresChanged)
  /// what it adds to scores. To repeat it adds nothing. Throws unavailable while suggestions are
  /// made anew.
  Task<void> count(const Context& context, VideoId video, UserId user);

 private:
  struct Rating {
    VideoId video;
    UserId user;
    Trace trace;
  };

  void work(std::span<const Rating> group);
  Task<std::optional<CountedByUser>> count_one(const Context& context, const Rating& rating,
                                               Timestamp made_at);
  Task<void> hand_over(const Context& context, std::span<const CountedByUser> counted);

  storage::Store& store_;
  const MadeWatch& made_;
  const Publish& publish_;
  GroupWorker<Rating> worker_;
};

}  // namespace killrvideo
