#include "catalog/tables.hpp"

#include <fmt/format.h>

#include "common/clock.hpp"

namespace killrvideo {

std::string day_of(Timestamp time) {
  std::chrono::year_month_day day{std::chrono::floor<std::chrono::days>(told_time(time))};
  return fmt::format("{:04}{:02}{:02}", static_cast<int>(day.year()),
                     static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()));
}

void insert_video(storage::Batch& batch, const Video& video) {
  batch.insert(videos, video);
  if (!video.added_date) return;
  const Timestamp added = *video.added_date;
  batch.insert(latest_videos, {day_of(added), added, video.videoid, video.userid, video.name,
                               video.preview_image_location});
  if (video.userid)
    batch.insert(user_videos,
                 {*video.userid, added, video.videoid, video.name, video.preview_image_location});
}

}  // namespace killrvideo
