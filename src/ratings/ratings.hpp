// Ratings: 1 to 5 stars a user and video, and their totals.
//
// The rating and the totals cannot be written as one: counters are apart on Cassandra, and the
// difference is known only once the rating has been replaced. So a rating is announced in
// ratings_pending before it is written, and repair() sets right what a crash or an error left
// in between.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <vector>

#include "common/keyed_mutex.hpp"
#include "ratings/pending.hpp"
#include "ratings/tables.hpp"
#include "storage/store.hpp"

namespace killrvideo {

class Ratings {
 public:
  explicit Ratings(storage::Store& store) : store_(store), pending_(store) {}

  /// Rates a video, replacing the user's earlier rating. Publishes UserRatedVideo.
  Task<void> rate(const Context& context, VideoId video, UserId user, std::int32_t stars);

  /// The totals of a video, which are never negative; zeros if nobody has rated it.
  Task<VideoRating> rating(const Context& context, VideoId video);

  /// The user's rating of a video; 0 if there is none.
  Task<std::int32_t> rating_of_user(const Context& context, VideoId video, UserId user);

  /// Finishes ratings that were announced at least `age` ago and not completed: makes the totals of
  /// their videos equal to the sum of the ratings and publishes the event. Returns how many videos
  /// it set right; those that are being rated meanwhile are left for the next time.
  Task<std::size_t> repair(const Context& context, std::chrono::milliseconds age);

  struct Reconciled {
    std::size_t videos = 0;   ///< whose totals were compared with their ratings
    std::size_t wrong = 0;    ///< of them, whose totals were set right
    std::size_t skipped = 0;  ///< that were being rated all the time; they are for the next time
  };

  /// Makes the totals of all videos equal to the sums of their ratings, also while videos are being
  /// rated; `age` is as for repair(). `progress` is told how many videos are done. For counters
  /// that may have lost or doubled additions, and tables that others have written. Blocks.
  Reconciled reconcile(const Context& context, std::chrono::milliseconds age,
                       const std::function<void(std::size_t)>& progress);

 private:
  Task<VideoRating> totals(const Context& context, VideoId video);
  Task<VideoRating> replace(const Context& context, const VideoRatingByUser& rating);
  enum class Repair : std::uint8_t { was_right, set_right, left };
  Task<Repair> repair_video(const Context& context, VideoId video, Timestamp latest);
  Task<void> complete_all(const Context& context, const std::vector<PendingRating>& left);
  Task<bool> has_ratings(const Context& context, VideoId video);
  Task<VideoRating> count(const Context& context, VideoId video);

  // Of one user's ratings of one video.
  struct RatingKey {
    VideoId video;
    UserId user;
    bool operator==(const RatingKey&) const = default;
  };
  struct RatingKeyHash {
    std::size_t operator()(const RatingKey& key) const noexcept {
      constexpr UuidHash hash;
      return hash(key.video) ^ (hash(key.user) << 1U);
    }
  };

  storage::Store& store_;
  PendingRatings pending_;
  KeyedMutex<RatingKey, RatingKeyHash> being_rated_;
};

}  // namespace killrvideo
