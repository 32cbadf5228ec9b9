#include "ratings/ratings.hpp"

#include <algorithm>
#include <set>

#include "common/clock.hpp"
#include "common/protobuf.hpp"
#include "events/outbox.hpp"
#include "ratings/ratings_events.pb.h"
#include "storage/claims.hpp"
#include "storage/counters.hpp"

namespace killrvideo {
namespace {

constexpr std::int32_t most_stars = 5;
constexpr int most_attempts = 200;
constexpr std::size_t rows_at_a_time = 1'000;

ratings::events::UserRatedVideo event_of(const PendingRating& rating) {
  ratings::events::UserRatedVideo event;
  write_id(rating.videoid, event.mutable_video_id());
  write_id(rating.userid, event.mutable_user_id());
  event.set_rating(rating.rating);
  write_timestamp(rating.rating_date, event.mutable_rating_timestamp());
  return event;
}

void complete(storage::Batch& batch, const PendingRating& rating) {
  add_event(batch, rating.videoid, event_of(rating));
  batch.remove(video_ratings_pending, {rating.videoid, rating.changeid});
}

}  // namespace

Task<void> Ratings::rate(const Context& context, VideoId video, UserId user, std::int32_t stars) {
  if (stars < 1 || stars > most_stars)
    throw invalid("rating", "must be 1 to 5 stars, not " + std::to_string(stars));
  PendingRating rating{video, TimeUuid::now(), user, stars, now()};
  storage::Batch announcement;
  announcement.insert(video_ratings_pending, rating);
  co_await store_.commit(context, std::move(announcement));

  VideoRatingByUser row{video, user, stars, rating.rating_date};
  VideoRating change = co_await replace(context, row);

  storage::Batch completion;
  completion.add(video_ratings, change);
  complete(completion, rating);
  co_await store_.commit(context, std::move(completion));
}

// Writes the rating in place of the one that is there. Returns what that changes in the totals.
Task<VideoRating> Ratings::replace(const Context& context, const VideoRatingByUser& rating) {
  for (int attempt = 0; attempt < most_attempts; ++attempt) {
    auto old = co_await store_.get(context, video_ratings_by_user, {rating.videoid, rating.userid});
    bool written;
    if (old) {
      written = co_await store_.compare_and_set<&VideoRatingByUser::rating>(
          context, video_ratings_by_user, rating, old->rating);
    } else {
      auto existing = co_await store_.insert_if_absent(context, video_ratings_by_user, rating);
      written = !existing;
    }
    if (!written) continue;
    std::optional<std::int32_t> old_stars = old ? old->rating : std::nullopt;
    co_return VideoRating{
        rating.videoid, {old_stars ? 0 : 1}, {rating.rating.value_or(0) - old_stars.value_or(0)}};
  }
  throw Error(Code::aborted, "this user is rating this video many times at once; try again");
}

Task<VideoRating> Ratings::rating(const Context& context, VideoId video) {
  auto row = co_await store_.get(context, video_ratings, {video});
  co_return row.value_or(VideoRating{video, {}, {}});
}

Task<std::int32_t> Ratings::rating_of_user(const Context& context, VideoId video, UserId user) {
  auto row = co_await store_.get(context, video_ratings_by_user, {video, user});
  co_return row ? row->rating.value_or(0) : 0;
}

Task<std::size_t> Ratings::repair(const Context& context, std::chrono::milliseconds age) {
  const Timestamp latest = now() - age;
  std::vector<VideoId> videos;
  std::string state;
  do {
    auto page = co_await store_.scan(context, video_ratings_pending, state, rows_at_a_time);
    for (const PendingRating& rating : page.rows)
      if (std::ranges::find(videos, rating.videoid) == videos.end())
        videos.push_back(rating.videoid);
    state = page.state;
  } while (!state.empty());

  std::size_t repaired = 0;
  for (const VideoId& video : videos) {
    bool done = co_await repair_video(context, video, latest);
    if (done) ++repaired;
  }
  co_return repaired;
}

// Differences can be added at any time, but have to come from totals and ratings that agree on
// which changes they include. They do if no change was under way while both were read, that is, if
// neither the announcements nor the totals changed meanwhile and no announcement is of a change
// still alive.
Task<bool> Ratings::repair_video(const Context& context, VideoId video, Timestamp latest) {
  storage::Claim mine{"repair ratings of " + video.to_string(), {}};
  auto claim = co_await storage::make_claim(store_, context, mine);
  if (claim.attempt != mine.attempt) co_return false;

  auto left = co_await pending(context, video);
  VideoRating actual = co_await rating(context, video);
  VideoRating wanted = co_await count(context, video);
  auto left_after = co_await pending(context, video);
  VideoRating actual_after = co_await rating(context, video);
  bool alive = std::ranges::any_of(
      left, [&](const PendingRating& rating) { return rating.changeid.timestamp() > latest; });
  bool consistent = !alive && left == left_after && actual == actual_after;

  storage::Batch batch;
  if (consistent) {
    batch.add(video_ratings, storage::difference(wanted, actual));
    for (const PendingRating& rating : left) {
      std::int32_t stars = co_await rating_of_user(context, video, rating.userid);
      if (stars == rating.rating) {
        complete(batch, rating);
      } else {
        batch.remove(video_ratings_pending, {rating.videoid, rating.changeid});
      }
    }
  }
  storage::release_claim(batch, claim);
  co_await store_.commit(context, std::move(batch));
  co_return consistent;
}

Task<std::vector<PendingRating>> Ratings::pending(const Context& context, VideoId video) {
  storage::PageOf<> wanted{.size = rows_at_a_time, .from = {}, .state = {}};
  auto page = co_await store_.page(context, video_ratings_pending, {video}, std::move(wanted));
  co_return std::move(page.rows);
}

Task<VideoRating> Ratings::count(const Context& context, VideoId video) {
  VideoRating sum{video, {}, {}};
  std::string state;
  do {
    storage::PageOf<> wanted{.size = rows_at_a_time, .from = {}, .state = state};
    auto page = co_await store_.page(context, video_ratings_by_user, {video}, std::move(wanted));
    for (const VideoRatingByUser& row : page.rows) {
      if (!row.rating) continue;
      ++sum.rating_counter.value;
      sum.rating_total.value += *row.rating;
    }
    state = page.state;
  } while (!state.empty());
  co_return sum;
}

}  // namespace killrvideo
