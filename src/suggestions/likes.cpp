#include "suggestions/likes.hpp"

#include <algorithm>
#include <map>

namespace killrvideo {
namespace {

// Stars before and after.
struct Stars {
  std::int32_t before = 0;
  std::int32_t after = 0;
};

}  // namespace

VideoId popularity_shard(const VideoId& video) {
  return popularity_shards()[video.bytes.back() % popularity_shards().size()];
}

std::array<VideoId, 16> popularity_shards() {
  std::array<VideoId, 16> shards;
  for (std::size_t i = 0; i < shards.size(); ++i) {
    shards[i].bytes[6] = 0xF0;
    shards[i].bytes[15] = static_cast<std::uint8_t>(i);
  }
  return shards;
}

std::vector<ScoreDelta> score_deltas(std::span<const RecentLike> before,
                                     std::span<const RecentLike> after) {
  std::map<std::array<std::uint8_t, 16>, Stars> likes;
  for (const RecentLike& like : before.first(std::min(before.size(), most_likes)))
    likes[like.videoid.bytes].before = like.rating;
  for (const RecentLike& like : after.first(std::min(after.size(), most_likes)))
    likes[like.videoid.bytes].after = like.rating;
  // What the user adds to score(v, w): the stars of w, if v is liked, too.
  const auto amount = [](const Stars& v, const Stars& w) {
    return std::int64_t{v.after > 0 ? w.after : 0} - (v.before > 0 ? w.before : 0);
  };
  std::vector<ScoreDelta> deltas;
  const auto add = [&](const auto& v, const auto& w) {
    if (const auto added = amount(v.second, w.second); added != 0)
      deltas.push_back({VideoId(Uuid{v.first}), VideoId(Uuid{w.first}), added});
  };
  for (const auto& v : likes) {
    if (v.second.before == v.second.after) continue;
    for (const auto& w : likes) {
      if (v.first == w.first) continue;
      add(v, w);
      // Where both have changed, each comes up as v.
      if (w.second.before == w.second.after) add(w, v);
    }
  }
  return deltas;
}

bool more_recent(const RecentLike& a, const RecentLike& b) {
  if (a.rating_date != b.rating_date) return a.rating_date > b.rating_date;
  return a.videoid.sort_key() < b.videoid.sort_key();
}

std::optional<Like> like_of(VideoId video, UserId user, std::optional<std::int32_t> rating,
                            std::optional<Timestamp> date) {
  if (!rating || !is_like(rating)) return std::nullopt;
  return Like{user, video, *rating, date.value_or(Timestamp{})};
}

storage::Batch replace_like(const std::optional<Like>& old, const std::optional<Like>& like) {
  storage::Batch batch;
  const bool moved = old && (!like || old->rating_date != like->rating_date);
  if (moved) batch.remove(suggestions_recent_likes, {old->userid, old->rating_date, old->videoid});
  if (like) {
    batch.insert(suggestions_recent_likes, recent(*like));
    batch.insert(suggestions_likes, *like);
  } else if (old) {
    batch.remove(suggestions_likes, {old->userid, old->videoid});
  }
  return batch;
}

}  // namespace killrvideo
