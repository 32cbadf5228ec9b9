#include "suggestions/likes.hpp"

#include <algorithm>
#include <map>

namespace killrvideo {
namespace {

// The order of uuids in tables: by version, those of version 1 by time, then by bytes.
std::pair<int, std::array<std::uint8_t, 16>> sort_key(const Uuid& id) {
  auto bytes = id.bytes;
  if (id.version() == 1) {
    std::rotate(bytes.begin(), bytes.begin() + 6, bytes.begin() + 8);
    std::rotate(bytes.begin() + 2, bytes.begin() + 6, bytes.begin() + 8);
  }
  return {id.version(), bytes};
}

// Stars before and after.
struct Stars {
  std::int32_t before = 0;
  std::int32_t after = 0;
};

}  // namespace

LikesChange::LikesChange(std::span<const RecentLike> before, std::span<const RecentLike> after) {
  std::map<std::array<std::uint8_t, 16>, Stars> stars;
  for (const RecentLike& like : before.first(std::min(before.size(), most_likes)))
    stars[like.videoid.bytes].before = like.rating;
  for (const RecentLike& like : after.first(std::min(after.size(), most_likes)))
    stars[like.videoid.bytes].after = like.rating;
  const auto id = [](const auto& entry) { return VideoId(Uuid{entry.first}); };
  for (const auto& entry : stars) {
    all.push_back(id(entry));
    if (entry.second.before != entry.second.after) changed.push_back(id(entry));
  }
  // What the user adds to score(v, w): the stars of w, if v is liked, too.
  const auto amount = [](const Stars& v, const Stars& w) {
    return std::int64_t{v.after > 0 ? w.after : 0} - (v.before > 0 ? w.before : 0);
  };
  for (const VideoId& v : changed) {
    for (const auto& entry : stars) {
      const VideoId w = id(entry);
      if (v == w) continue;
      scores.push_back({v, w, amount(stars[v.bytes], entry.second)});
      // Where both have changed, each comes up as v.
      if (entry.second.before == entry.second.after)
        scores.push_back({w, v, amount(entry.second, stars[v.bytes])});
    }
  }
}

bool more_recent(const RecentLike& a, const RecentLike& b) {
  if (a.rating_date != b.rating_date) return a.rating_date > b.rating_date;
  return sort_key(a.videoid) < sort_key(b.videoid);
}

std::optional<Like> like_of(VideoId video, UserId user, std::optional<std::int32_t> rating,
                            std::optional<Timestamp> date) {
  if (!rating || !is_like(rating)) return std::nullopt;
  return Like{user, video, *rating, date.value_or(Timestamp{})};
}

}  // namespace killrvideo
