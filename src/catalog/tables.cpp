#include "catalog/tables.hpp"

#include <fmt/format.h>

#include "common/clock.hpp"

namespace killrvideo {

std::string day_of(Timestamp time) {
  std::chrono::year_month_day day{std::chrono::floor<std::chrono::days>(clamp_time(time))};
  return fmt::format("{:04}{:02}{:02}", static_cast<int>(day.year()),
                     static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()));
}

std::optional<LatestVideo> latest_video_of(const Video& video) {
  if (!video.added_date) return std::nullopt;
  return LatestVideo{
      day_of(*video.added_date),   *video.added_date, video.videoid, video.userid, video.name,
      video.preview_image_location};
}

std::optional<UserVideo> user_video_of(const Video& video) {
  if (!video.added_date || !video.userid) return std::nullopt;
  return UserVideo{*video.userid, *video.added_date, video.videoid, video.name,
                   video.preview_image_location};
}

void insert_video(storage::Batch& batch, const Video& video) {
  batch.insert(videos, video);
  if (const auto latest = latest_video_of(video)) {
    batch.insert(latest_videos, *latest);
    batch.insert(latest_days, {all_days, latest->yyyymmdd});
  }
  if (const auto of_user = user_video_of(video)) batch.insert(user_videos, *of_user);
}

}  // namespace killrvideo
