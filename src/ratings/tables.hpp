// Tables of the ratings service.
#pragma once

#include <functional>
#include <ranges>

#include "storage/minute_queue.hpp"

namespace killrvideo {

struct VideoRating {
  VideoId videoid;
  storage::Counter rating_counter;  ///< how many have rated
  storage::Counter rating_total;    ///< the sum of their stars

  bool operator==(const VideoRating&) const = default;
};
BOOST_DESCRIBE_STRUCT(VideoRating, (), (videoid, rating_counter, rating_total))

inline constexpr std::int32_t least_stars = 1, most_stars = 5;

/// The stars of a stored rating; nothing if it has none that a rating can have: such ones, which
/// other tools leave, count as none.
inline std::optional<std::int32_t> stars_of(std::optional<std::int32_t> rating) {
  return rating >= least_stars && rating <= most_stars ? rating : std::nullopt;
}

struct VideoRatingByUser {
  VideoId videoid;
  UserId userid;
  std::optional<std::int32_t> rating;
  std::optional<Timestamp> rating_date;
};
BOOST_DESCRIBE_STRUCT(VideoRatingByUser, (), (videoid, userid, rating, rating_date))

/// The same of a row; nothing if there is no row.
inline std::optional<std::int32_t> stars_of(const std::optional<VideoRatingByUser>& row) {
  return row ? stars_of(row->rating) : std::nullopt;
}

/// The keys of a user's ratings of videos; `video` says which video each of `range` is.
template <class Range, class Projection = std::identity>
auto rating_keys(const UserId& user, const Range& range, Projection video = {}) {
  return std::views::transform(
      range, [=](const auto& each) { return std::tuple(std::invoke(video, each), user); });
}

/// A rating on its way: written before the rating itself, removed once its difference has been
/// added to the counters. One that a crash leaves behind says which counters are in doubt.
///
/// They are in a minute queue, as events are.
struct PendingRating {
  std::int32_t shard = 0;   ///< of the video
  std::int32_t minute = 0;  ///< of the change, since 1970
  TimeUuid changeid;
  VideoId videoid;
  UserId userid;
  std::int32_t rating = 0;
  Timestamp rating_date;

  bool operator==(const PendingRating&) const = default;
};
BOOST_DESCRIBE_STRUCT(PendingRating, (),
                      (shard, minute, changeid, videoid, userid, rating, rating_date))

inline const storage::Table<VideoRating, storage::Partition<&VideoRating::videoid>> video_ratings{
    "video_ratings"};

inline const storage::Table<VideoRatingByUser, storage::Partition<&VideoRatingByUser::videoid>,
                            storage::Clustering<storage::Ascending<&VideoRatingByUser::userid>>>
    video_ratings_by_user{"video_ratings_by_user"};

inline const storage::Table<PendingRating,
                            storage::Partition<&PendingRating::shard, &PendingRating::minute>,
                            storage::Clustering<storage::Ascending<&PendingRating::changeid>>>
    ratings_pending{"ratings_pending", storage::AccessPattern::queue};

}  // namespace killrvideo
