// Statistics: how often videos were played.
#pragma once

#include <vector>

#include "statistics/tables.hpp"
#include "storage/store.hpp"

namespace killrvideo {

class Statistics {
 public:
  explicit Statistics(storage::Store& store) : store_(store) {}

  /// Counts one playback of a video, which need not be known.
  Task<void> record_playback(const Context& context, VideoId video);

  /// The plays of 1 to 100 videos (field video_ids), in the order asked, each once; 0 for those
  /// that nobody has played.
  Task<std::vector<VideoPlaybackStats>> plays(const Context& context, std::vector<VideoId> videos);

 private:
  storage::Store& store_;
};

}  // namespace killrvideo
