// What one user's likes contribute to the scores.
//
// Of each user, the `most_likes` most recent likes count. Of these, every one adds its stars to the
// score that it has with each of the others:
//
//   score(v, w) = sum over the users among whose counted likes are both v and w
//                 of the stars that they gave w
//
// So a rating changes the scores of at most two videos with at most `most_likes` others, however
// many videos the user has rated and however many users have rated the video. One score says how
// popular a video is: score(popularity_shard(v), v) is the sum of the stars of all who like v.
#pragma once

#include <array>
#include <optional>
#include <span>
#include <vector>

#include "ratings/tables.hpp"
#include "storage/store.hpp"
#include "suggestions/tables.hpp"

namespace killrvideo {

inline constexpr std::size_t most_likes = 50;

/// Stands for all videos in the score that says how popular this one is. There are several, so that
/// popular videos are not all in one partition. No video has such an id: it has version 15, which
/// no UUID has.
VideoId popularity_shard(const VideoId& video);
std::array<VideoId, 16> popularity_shards();

/// What is added to a score.
struct ScoreDelta {
  VideoId video;
  VideoId other;
  std::int64_t amount = 0;
};

/// What is added to scores when a user's likes were `before` and are `after`, both most recent
/// first. Only the first most_likes of each count.
std::vector<ScoreDelta> score_deltas(std::span<const RecentLike> before,
                                     std::span<const RecentLike> after);

/// Most recent first, as the table has them.
bool more_recent(const RecentLike& a, const RecentLike& b);

/// Whether a stored rating says that the user likes the video.
inline bool is_like(std::optional<std::int32_t> rating) {
  return stars_of(rating) >= least_stars_liked;
}

/// The rating if it says that the user likes the video; a rating without a date is older than all
/// others.
std::optional<Like> like_of(VideoId video, UserId user, std::optional<std::int32_t> rating,
                            std::optional<Timestamp> date);

inline RecentLike recent(const Like& like) {
  return {like.userid, like.rating_date, like.videoid, like.rating};
}

/// The rows of likes that change when `old` becomes `like`; either may be absent.
storage::Batch replace_like(const std::optional<Like>& old, const std::optional<Like>& like);

}  // namespace killrvideo
