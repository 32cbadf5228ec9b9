#include "ratings/ratings.hpp"

#include <algorithm>
#include <unordered_set>

#include "common/clock.hpp"
#include "common/concurrently.hpp"
#include "common/protobuf.hpp"
#include "events/outbox.hpp"
#include "ratings/ratings_events.pb.h"
#include "ratings/rules.hpp"
#include "storage/bulk.hpp"
#include "storage/claims.hpp"
#include "storage/counters.hpp"

namespace killrvideo {
namespace {

constexpr int most_attempts = 200;
constexpr std::size_t repairs_at_once = 16;
constexpr int repair_attempts = 5;  // of a video that is being rated
constexpr std::size_t rows_in_a_batch = 50;

ratings::events::UserRatedVideo event_of(const PendingRating& rating) {
  ratings::events::UserRatedVideo event;
  write_id(rating.videoid, event.mutable_video_id());
  write_id(rating.userid, event.mutable_user_id());
  event.set_rating(rating.rating);
  write_timestamp(rating.rating_date, event.mutable_rating_timestamp());
  return event;
}

void complete(const Context& context, storage::Batch& batch, const PendingRating& rating) {
  add_event(context, batch, rating.videoid, event_of(rating));
  batch.remove(ratings_pending, PendingRatings::key_of(rating));
}

}  // namespace

Task<void> Ratings::rate(const Context& context, VideoId video, UserId user, std::int32_t stars) {
  check_stars("rating", stars);
  PendingRating rating = PendingRatings::announce(video, user, stars);
  storage::Batch announcement;
  announcement.insert(ratings_pending, rating);
  co_await store_.commit(context, std::move(announcement));

  // Conditional writes that meet in a cluster hold each other up, so those of this process queue
  // here; and the events come in the order of the ratings.
  auto lock = co_await being_rated_.lock({video, user});
  VideoRatingByUser row{video, user, stars, rating.rating_date};
  VideoRating change = co_await replace(context, row);

  storage::Batch completion;
  completion.add(video_ratings, change);
  complete(context, completion, rating);
  co_await store_.commit(context, std::move(completion));
}

// Replaces the stored rating. Returns what that changes in the totals.
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
    const auto old_stars = stars_of(old);
    co_return VideoRating{
        rating.videoid, {old_stars ? 0 : 1}, {rating.rating.value_or(0) - old_stars.value_or(0)}};
  }
  throw Error(Code::aborted, "this user is rating this video many times at once; try again");
}

Task<VideoRating> Ratings::rating(const Context& context, VideoId video) {
  VideoRating answer = co_await totals(context, video);
  for (storage::Counter* counter : {&answer.rating_counter, &answer.rating_total})
    counter->value = std::max<std::int64_t>(counter->value, 0);
  co_return answer;
}

Task<VideoRating> Ratings::totals(const Context& context, VideoId video) {
  auto row = co_await store_.get(context, video_ratings, {video});
  co_return row.value_or(VideoRating{video, {}, {}});
}

Task<std::int32_t> Ratings::rating_of_user(const Context& context, VideoId video, UserId user) {
  auto row = co_await store_.get(context, video_ratings_by_user, {video, user});
  co_return stars_of(row).value_or(0);
}

Task<std::size_t> Ratings::repair(const Context& context, std::chrono::milliseconds age) {
  const Timestamp latest = now() - age;
  std::size_t repaired = 0;
  std::unordered_set<VideoId, UuidHash> left;
  co_await pending_.settle(context, latest, [&](const PendingRating& rating) -> Task<bool> {
    if (left.contains(rating.videoid)) co_return false;
    auto still_there =
        co_await store_.get(context, ratings_pending, PendingRatings::key_of(rating));
    if (!still_there) co_return true;
    Repair repair = co_await repair_video(context, rating.videoid, latest);
    if (repair == Repair::left) left.insert(rating.videoid);
    if (repair != Repair::left) ++repaired;
    co_return repair != Repair::left;
  });
  co_return repaired;
}

// Differences can be added at any time, but have to come from totals and ratings that agree on
// which changes they include. They do if no change was under way while both were read, that is, if
// neither the announcements nor the totals changed meanwhile and no announcement is of a change
// still alive.
Task<Ratings::Repair> Ratings::repair_video(const Context& context, VideoId video,
                                            Timestamp latest) {
  storage::Claim mine{"repair ratings of " + video.to_string(), {}};
  auto claim = co_await storage::make_claim(store_, context, mine);
  if (claim.attempt != mine.attempt) co_return Repair::left;

  auto left = co_await pending_.of(context, video);
  VideoRating actual = co_await totals(context, video);
  VideoRating wanted = co_await count(context, video);
  auto left_after = co_await pending_.of(context, video);
  VideoRating actual_after = co_await totals(context, video);
  bool alive = std::ranges::any_of(
      left, [&](const PendingRating& rating) { return rating.changeid.timestamp() > latest; });
  bool consistent = !alive && left == left_after && actual == actual_after;

  if (consistent) {
    if (wanted != actual) {
      storage::Batch totals;
      totals.add(video_ratings, storage::difference(wanted, actual));
      co_await store_.commit(context, std::move(totals));
    }
    co_await complete_all(context, left);
  }
  co_await storage::release_claim(store_, context, claim);
  if (!consistent) co_return Repair::left;
  co_return wanted == actual ? Repair::was_right : Repair::set_right;
}

// Publishes the ratings that were written, when their totals are right.
Task<void> Ratings::complete_all(const Context& context, const std::vector<PendingRating>& left) {
  storage::Batch batch;
  for (const PendingRating& rating : left) {
    std::int32_t stars = co_await rating_of_user(context, rating.videoid, rating.userid);
    if (stars == rating.rating) {
      complete(context, batch, rating);
    } else {
      batch.remove(ratings_pending, PendingRatings::key_of(rating));
    }
    if (batch.size() < rows_in_a_batch) continue;
    co_await store_.commit(context, std::exchange(batch, {}));
  }
  co_await store_.commit(context, std::move(batch));
}

Task<bool> Ratings::has_ratings(const Context& context, VideoId video) {
  storage::SliceQuery<> one{.size = 1, .from = {}, .state = {}};
  auto page = co_await store_.slice(context, video_ratings_by_user, {video}, std::move(one));
  co_return !page.rows.empty();
}

Ratings::Reconciled Ratings::reconcile(const Context& context, std::chrono::milliseconds age,
                                       const std::function<void(std::size_t)>& progress) {
  Reconciled result;
  std::mutex mutex;  // of the result, as videos are repaired several at once
  auto repair_all = [&](const std::vector<VideoId>& videos) {
    auto repair_one = [&](std::size_t i) -> Task<void> {
      Repair repair = Repair::left;
      for (int tries = 0; tries < repair_attempts && repair == Repair::left; ++tries)
        repair = co_await repair_video(context, videos[i], now() - age);
      std::lock_guard lock(mutex);
      ++result.videos;
      if (repair == Repair::set_right) ++result.wrong;
      if (repair == Repair::left) ++result.skipped;
    };
    run(concurrently(videos.size(), repairs_at_once, repair_one));
    progress(result.videos);
  };

  // From now on what is pending is looked for where it can be, rather than from where others began.
  run(pending_.settle(context, now() - age,
                      [](const PendingRating&) -> Task<bool> { co_return false; }));

  // All videos that have ratings, whose rows come together.
  std::optional<VideoId> last;
  storage::scan_all(store_, video_ratings_by_user, [&](const std::vector<VideoRatingByUser>& rows) {
    std::vector<VideoId> videos;
    for (const VideoRatingByUser& rating : rows) {
      if (last == rating.videoid) continue;
      videos.push_back(rating.videoid);
      last = rating.videoid;
    }
    repair_all(videos);
  });

  // Those that have totals, but no ratings.
  storage::scan_all(store_, video_ratings, [&](const std::vector<VideoRating>& rows) {
    std::vector<VideoId> videos;
    for (const VideoRating& total : rows) {
      if (total.rating_counter == storage::Counter{} && total.rating_total == storage::Counter{})
        continue;
      const bool rated = run(has_ratings(context, total.videoid));
      if (!rated) videos.push_back(total.videoid);
    }
    repair_all(videos);
  });
  return result;
}

Task<VideoRating> Ratings::count(const Context& context, VideoId video) {
  VideoRating sum{video, {}, {}};
  const auto add = [&](const std::vector<VideoRatingByUser>& rows) {
    for (const VideoRatingByUser& row : rows) {
      const auto stars = stars_of(row.rating);
      if (!stars) continue;
      ++sum.rating_counter.value;
      sum.rating_total.value += *stars;
    }
  };
  co_await storage::each_slice(store_, context, video_ratings_by_user, {video}, add);
  co_return sum;
}

}  // namespace killrvideo
