#include "suggestions/stale_scores.hpp"

#include <algorithm>

#include "common/concurrently.hpp"
#include "common/time_limits.hpp"
#include "ratings/tables.hpp"
#include "suggestions/likes.hpp"
#include "suggestions/rebuild_epoch.hpp"

namespace killrvideo {
namespace {

constexpr std::size_t most_known = 1'000;
constexpr std::size_t videos_at_once = 8;

}  // namespace

Task<void> StaleScores::met(Uuid a, Uuid b) {
  if (is_old(a, b)) co_await ask_for_rebuild(store_);
}

bool StaleScores::is_old(const Uuid& a, const Uuid& b) {
  const std::lock_guard lock(mutex_);
  const auto time = clock_();
  if (since_.size() >= most_known) since_.clear();
  const auto since = since_.try_emplace({a.bytes, b.bytes}, time).first->second;
  if (time - since < time_limits::scores_stale_after) return false;
  since_.clear();  // what a rebuild does not repair is waited for again
  return true;
}

Task<void> LikeCheck::drop_unliked(std::vector<VideoId>& candidates) {
  if (!enabled_ || candidates.empty()) co_return;
  if (video_ && !fans_) fans_ = co_await fans_of(*video_);
  std::vector<Fans> fans(candidates.size());
  co_await concurrently(candidates.size(), videos_at_once, [&](std::size_t i) -> Task<void> {
    fans[i] = co_await fans_of(candidates[i]);
  });
  std::vector<bool> liked;
  liked.reserve(fans.size());
  for (const Fans& each : fans)
    liked.push_back(fans_ ? share_one(*fans_, each) : !(each.all && each.users.empty()));
  co_await drop(candidates, liked, video_.value_or(VideoId{}));
}

Task<void> LikeCheck::drop_unliked_by(UserId user, std::vector<VideoId>& candidates) {
  if (!enabled_) co_return;
  const auto ratings =
      co_await store_.get_many(context_, video_ratings_by_user, rating_keys(user, candidates));
  std::vector<bool> liked;
  liked.reserve(ratings.size());
  for (const auto& rating : ratings) liked.push_back(rating && is_like(rating->rating));
  co_await drop(candidates, liked, user);
}

// Keeps those that are liked, and reports the others.
Task<void> LikeCheck::drop(std::vector<VideoId>& candidates, const std::vector<bool>& liked,
                           Uuid by) {
  std::vector<VideoId> kept;
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    if (liked[i]) {
      kept.push_back(candidates[i]);
    } else {
      co_await stale_scores_.met(by, candidates[i]);
    }
  }
  candidates = std::move(kept);
}

Task<LikeCheck::Fans> LikeCheck::fans_of(VideoId video) {
  storage::SliceQuery<> wanted{.size = most_fans};
  const auto page =
      co_await store_.slice(context_, video_ratings_by_user, {video}, std::move(wanted));
  Fans fans{{}, page.state.empty()};
  for (const VideoRatingByUser& row : page.rows)
    if (is_like(row.rating)) fans.users.push_back(row.userid);
  co_return fans;
}

// False only if it is certain that they do not.
bool LikeCheck::share_one(const Fans& a, const Fans& b) {
  const bool none = (a.all && a.users.empty()) || (b.all && b.users.empty());
  if (none) return false;
  const auto in_b = [&](const UserId& user) {
    return std::ranges::find(b.users, user) != b.users.end();
  };
  return !(a.all && b.all) || std::ranges::any_of(a.users, in_b);
}

}  // namespace killrvideo
