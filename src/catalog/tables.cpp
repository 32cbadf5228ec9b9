#include "catalog/tables.hpp"

#include <fmt/format.h>

namespace killrvideo {

std::string day_of(Timestamp time) {
  std::chrono::year_month_day day{std::chrono::floor<std::chrono::days>(time)};
  return fmt::format("{:04}{:02}{:02}", static_cast<int>(day.year()),
                     static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()));
}

LatestVideo among_latest(const Video& video) {
  return {day_of(video.added_date),    video.added_date, video.videoid, video.userid, video.name,
          video.preview_image_location};
}

UserVideo among_users(const Video& video) {
  return {video.userid, video.added_date, video.videoid, video.name, video.preview_image_location};
}

void insert_video(storage::Batch& batch, const Video& video) {
  batch.insert(videos, video);
  batch.insert(latest_videos, among_latest(video));
  batch.insert(user_videos, among_users(video));
}

}  // namespace killrvideo
