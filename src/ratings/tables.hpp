// Tables of the ratings service.
#pragma once

#include "storage/table.hpp"

namespace killrvideo {

struct VideoRating {
  VideoId videoid;
  storage::Counter rating_counter;  ///< how many have rated
  storage::Counter rating_total;    ///< the sum of their stars

  bool operator==(const VideoRating&) const = default;
};
BOOST_DESCRIBE_STRUCT(VideoRating, (), (videoid, rating_counter, rating_total))

struct VideoRatingByUser {
  VideoId videoid;
  UserId userid;
  std::optional<std::int32_t> rating;
  std::optional<Timestamp> rating_date;
};
BOOST_DESCRIBE_STRUCT(VideoRatingByUser, (), (videoid, userid, rating, rating_date))

/// A rating on its way: written before the rating itself, removed once its difference has been
/// added to the counters. One that a crash leaves behind says which counters are in doubt.
struct PendingRating {
  VideoId videoid;
  TimeUuid changeid;
  UserId userid;
  std::int32_t rating = 0;
  Timestamp rating_date;

  bool operator==(const PendingRating&) const = default;
};
BOOST_DESCRIBE_STRUCT(PendingRating, (), (videoid, changeid, userid, rating, rating_date))

inline const storage::Table<VideoRating, storage::Partition<&VideoRating::videoid>> video_ratings{
    "video_ratings"};

inline const storage::Table<VideoRatingByUser, storage::Partition<&VideoRatingByUser::videoid>,
                            storage::Clustering<storage::Ascending<&VideoRatingByUser::userid>>>
    video_ratings_by_user{"video_ratings_by_user"};

inline const storage::Table<PendingRating, storage::Partition<&PendingRating::videoid>,
                            storage::Clustering<storage::Ascending<&PendingRating::changeid>>>
    video_ratings_pending{"video_ratings_pending"};

}  // namespace killrvideo
