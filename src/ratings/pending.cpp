#include "ratings/pending.hpp"

#include "common/clock.hpp"

namespace killrvideo {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t rows_at_a_time = 1'000;
// Clocks of several processes differ by less.
constexpr auto clock_difference = 30s;
// Where to begin on a store that has no position yet.
constexpr auto first_search = 1h;
constexpr auto saving_interval = 10min;

std::int32_t shard_of(const VideoId& video) { return video.bytes.back() % PendingRatings::shards; }

std::int32_t minute_of(Timestamp time) {
  const auto minutes = std::chrono::floor<std::chrono::minutes>(time.time_since_epoch());
  return static_cast<std::int32_t>(minutes.count());
}

}  // namespace

PendingRating PendingRatings::announce(VideoId video, UserId user, std::int32_t stars) {
  const auto change = TimeUuid::now();
  return {shard_of(video), minute_of(change.timestamp()), change, video, user, stars, now()};
}

decltype(ratings_pending)::Key PendingRatings::key_of(const PendingRating& rating) {
  return {rating.shard, rating.minute, rating.changeid};
}

Task<std::vector<PendingRating>> PendingRatings::of(const Context& context, VideoId video) {
  std::vector<PendingRating> found;
  co_await each(context, shard_of(video), now() + clock_difference,
                [&](const PendingRating& rating) -> Task<void> {
                  if (rating.videoid == video) found.push_back(rating);
                  co_return;
                });
  co_return found;
}

Task<void> PendingRatings::settle(const Context& context, Timestamp latest, const Visit& settle) {
  for (std::int32_t shard = 0; shard < shards; ++shard) {
    Timestamp oldest_left = latest;
    co_await each(context, shard, latest, [&](const PendingRating& rating) -> Task<void> {
      const bool settled = co_await settle(rating);
      if (!settled) oldest_left = std::min(oldest_left, rating.changeid.timestamp());
    });
    co_await advance(context, shard, oldest_left);
  }
}

Task<Timestamp> PendingRatings::position(const Context& context, std::int32_t shard) {
  Known& known = known_[static_cast<std::size_t>(shard)];
  {
    const std::lock_guard lock(mutex_);
    if (known.position) co_return *known.position;
  }
  const auto stored = co_await store_.get(context, ratings_pending_positions, {shard});
  const Timestamp position = stored ? stored->position : now() - first_search;
  const std::lock_guard lock(mutex_);
  if (!known.position) known = {position, stored ? position : Timestamp{}};
  co_return *known.position;
}

// With a clock that was set back the position goes back, too, and others have to know at once.
Task<void> PendingRatings::advance(const Context& context, std::int32_t shard, Timestamp position) {
  Known& known = known_[static_cast<std::size_t>(shard)];
  {
    const std::lock_guard lock(mutex_);
    known.position = position;
    if (position >= known.stored && position < known.stored + saving_interval) co_return;
  }
  storage::Batch batch;
  batch.insert(ratings_pending_positions, {shard, position});
  co_await store_.commit(context, std::move(batch));
  const std::lock_guard lock(mutex_);
  known.stored = position;
}

// Calls `visit` with those of a shard from its position on, the oldest first.
Task<void> PendingRatings::each(const Context& context, std::int32_t shard, Timestamp until,
                                const std::function<Task<void>(const PendingRating&)>& visit) {
  const Timestamp known = co_await position(context, shard);
  const Timestamp from = std::min(known, until);
  for (auto minute = minute_of(from); minute <= minute_of(until); ++minute) {
    std::string state;
    do {
      storage::SliceQuery<std::tuple<TimeUuid>> wanted{
          .size = rows_at_a_time, .from = {{TimeUuid::at(from - 1ms, 0)}}, .state = state};
      auto page =
          co_await store_.slice(context, ratings_pending, {shard, minute}, std::move(wanted));
      for (const PendingRating& rating : page.rows)
        if (rating.changeid.timestamp() <= until) co_await visit(rating);
      state = page.state;
    } while (!state.empty());
  }
}

}  // namespace killrvideo
