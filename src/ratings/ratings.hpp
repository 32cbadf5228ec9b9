// Ratings: 1 to 5 stars a user and video, and their totals.
//
// The rating and the totals cannot be written as one: counters are apart on Cassandra, and the
// difference is known only once the rating has been replaced. So a rating is announced in
// video_ratings_pending before it is written, and repair() sets right what a crash or an error left
// in between.
#pragma once

#include <chrono>
#include <optional>
#include <vector>

#include "ratings/tables.hpp"
#include "storage/store.hpp"

namespace killrvideo {

class Ratings {
 public:
  explicit Ratings(storage::Store& store) : store_(store) {}

  /// Rates a video, replacing the user's earlier rating. Publishes UserRatedVideo.
  Task<void> rate(const Context& context, VideoId video, UserId user, std::int32_t stars);

  /// The totals of a video; zeros if nobody has rated it.
  Task<VideoRating> rating(const Context& context, VideoId video);

  /// The user's rating of a video; 0 if there is none.
  Task<std::int32_t> rating_of_user(const Context& context, VideoId video, UserId user);

  /// Finishes ratings that were announced at least `age` ago and not completed: makes the totals of
  /// their videos equal to the sum of the ratings and publishes the event. Returns how many videos
  /// it set right; those that are being rated meanwhile are left for the next time.
  Task<std::size_t> repair(const Context& context, std::chrono::milliseconds age);

 private:
  Task<VideoRating> replace(const Context& context, const VideoRatingByUser& rating);
  Task<bool> repair_video(const Context& context, VideoId video, Timestamp latest);
  Task<std::vector<PendingRating>> pending(const Context& context, VideoId video);
  Task<VideoRating> count(const Context& context, VideoId video);

  storage::Store& store_;
};

}  // namespace killrvideo
