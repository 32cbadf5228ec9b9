// Tables of the catalog.
#pragma once

#include "storage/store.hpp"

namespace killrvideo {

inline constexpr std::int32_t location_youtube = 0;
inline constexpr std::int32_t location_upload = 1;

// Other tools write these tables, too, and may leave any column outside the key null. A null text
// reads as an empty one; columns without such a value are optional.

struct Video {
  VideoId videoid;
  std::optional<UserId> userid;
  std::string name;
  std::string description;
  std::string location;
  std::int32_t location_type = location_youtube;
  std::string preview_image_location;
  storage::TextSet tags;
  std::optional<Timestamp> added_date;
  std::optional<std::string> content_rating;
  std::optional<std::string> category;
  std::optional<std::string> language;
  std::optional<storage::FloatVector<384>> content_features;
};
BOOST_DESCRIBE_STRUCT(Video, (),
                      (videoid, userid, name, description, location, location_type,
                       preview_image_location, tags, added_date, content_rating, category, language,
                       content_features))

struct UserVideo {
  UserId userid;
  Timestamp added_date;
  VideoId videoid;
  std::string name;
  std::string preview_image_location;
};
BOOST_DESCRIBE_STRUCT(UserVideo, (), (userid, added_date, videoid, name, preview_image_location))

struct LatestVideo {
  std::string yyyymmdd;  ///< the UTC day of added_date
  Timestamp added_date;
  VideoId videoid;
  std::optional<UserId> userid;
  std::string name;
  std::string preview_image_location;
};
BOOST_DESCRIBE_STRUCT(LatestVideo, (),
                      (yyyymmdd, added_date, videoid, userid, name, preview_image_location))

/// A day that may have rows in latest_videos. A row is written in the batch of each video; other
/// tools do not write it, see latest_days.hpp.
struct LatestDay {
  std::string scope;  ///< all_days, or clamped_days: those with rows whose time is not of the day
  std::string yyyymmdd;
};
BOOST_DESCRIBE_STRUCT(LatestDay, (), (scope, yyyymmdd))

inline constexpr const char* all_days = "all";
inline constexpr const char* clamped_days = "clamped";

inline const storage::Table<Video, storage::Partition<&Video::videoid>> videos{"videos"};

inline const storage::Table<UserVideo, storage::Partition<&UserVideo::userid>,
                            storage::Clustering<storage::Descending<&UserVideo::added_date>,
                                                storage::Ascending<&UserVideo::videoid>>>
    user_videos{"user_videos", storage::AccessPattern::history};

inline const storage::Table<LatestVideo, storage::Partition<&LatestVideo::yyyymmdd>,
                            storage::Clustering<storage::Descending<&LatestVideo::added_date>,
                                                storage::Ascending<&LatestVideo::videoid>>>
    latest_videos{"latest_videos", storage::AccessPattern::history};

inline const storage::Table<LatestDay, storage::Partition<&LatestDay::scope>,
                            storage::Clustering<storage::Descending<&LatestDay::yyyymmdd>>>
    latest_days{"latest_days"};

/// The partition of a time in latest_videos: the day of clamp_time().
std::string day_of(Timestamp time);

/// A video's rows in the listings; none without a date, and none in user_videos without an owner.
std::optional<LatestVideo> latest_video_of(const Video& video);
std::optional<UserVideo> user_video_of(const Video& video);

/// Adds a video to a batch: its row, its rows in the listings, and its day.
void insert_video(storage::Batch& batch, const Video& video);

}  // namespace killrvideo
