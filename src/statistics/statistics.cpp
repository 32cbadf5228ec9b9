#include "statistics/statistics.hpp"

#include "common/validate.hpp"

namespace killrvideo {

Task<void> Statistics::record_playback(const Context& context, VideoId video) {
  storage::Batch batch;
  batch.add(video_playback_stats, {video, storage::Counter{1}});
  co_await store_.commit(context, std::move(batch));
}

Task<std::vector<VideoPlaybackStats>> Statistics::plays(const Context& context,
                                                        std::vector<VideoId> videos) {
  std::vector<VideoId> once = check_ids<VideoId>("video_ids", videos);
  auto rows = co_await store_.get_many(context, video_playback_stats, once);
  std::vector<VideoPlaybackStats> plays;
  plays.reserve(once.size());
  for (std::size_t i = 0; i < once.size(); ++i)
    plays.push_back(rows[i].value_or(VideoPlaybackStats{once[i], {}}));
  co_return plays;
}

}  // namespace killrvideo
