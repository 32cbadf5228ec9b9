// Tables of the statistics service.
#pragma once

#include "storage/table.hpp"

namespace killrvideo {

struct VideoPlaybackStats {
  VideoId videoid;
  storage::Counter views;
};
BOOST_DESCRIBE_STRUCT(VideoPlaybackStats, (), (videoid, views))

inline const storage::Table<VideoPlaybackStats, storage::Partition<&VideoPlaybackStats::videoid>>
    video_playback_stats{"video_playback_stats"};

}  // namespace killrvideo
