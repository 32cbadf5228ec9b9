#include "suggestions/counted_rating.hpp"

#include <algorithm>

#include "ratings/tables.hpp"

namespace killrvideo {
namespace {

// The user's most recent likes after one of them was replaced. REQUIRES: `before` has one more than
// count, unless it has all.
std::vector<RecentLike> replaced(std::vector<RecentLike> likes, const std::optional<Like>& old,
                                 const std::optional<Like>& like) {
  if (old) std::erase(likes, recent(*old));
  if (like)
    likes.insert(std::ranges::lower_bound(likes, recent(*like), more_recent), recent(*like));
  return likes;
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

}  // namespace

Task<std::optional<CountedRating>> count_rating(storage::Store& store, const Context& context,
                                                VideoId video, UserId user) {
  const auto rating = co_await store.get(context, video_ratings_by_user, {video, user});
  const auto like =
      rating ? like_of(video, user, rating->rating, rating->rating_date) : std::nullopt;
  const auto old = co_await store.get(context, suggestions_likes, {user, video});
  if (like == old) co_return std::nullopt;
  storage::SliceQuery<> wanted{.size = most_likes + 1};
  auto page = co_await store.slice(context, suggestions_recent_likes, {user}, std::move(wanted));
  const auto after = replaced(page.rows, old, like);
  LikesChange change(page.rows, after);
  change.scores.push_back({everything, video, (like ? like->rating : 0) - (old ? old->rating : 0)});
  add_missing(change.changed, {video});
  co_return CountedRating{replace_like(old, like), std::move(change.scores),
                          std::move(change.changed), std::move(change.all)};
}

void add_missing(std::vector<VideoId>& ids, const std::vector<VideoId>& more) {
  for (const VideoId& id : more)
    if (std::ranges::find(ids, id) == ids.end()) ids.push_back(id);
}

}  // namespace killrvideo
