// Counting a rating: what it changes of a user's likes and of scores.
#pragma once

#include <optional>
#include <vector>

#include "storage/store.hpp"
#include "suggestions/likes.hpp"

namespace killrvideo {

struct CountedRating {
  storage::Batch likes;             ///< to be written together with what is said of the scores
  std::vector<ScoreChange> scores;  ///< to be added, also 0; also to those of `everything`
  std::vector<VideoId> changed;     ///< the videos that it is about
  std::vector<VideoId> all;         ///< those that they have scores with
};

/// What has to change for the user's rating of a video, as it is stored now, to be counted; nothing
/// if it is. REQUIRES: no other rating of this user is being counted.
Task<std::optional<CountedRating>> count_rating(storage::Store& store, const Context& context,
                                                VideoId video, UserId user);

/// Adds those of `more` that are not in `ids`.
void add_missing(std::vector<VideoId>& ids, const std::vector<VideoId>& more);

}  // namespace killrvideo
