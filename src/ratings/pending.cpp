#include "ratings/pending.hpp"

#include "common/clock.hpp"
#include "common/time_limits.hpp"

namespace killrvideo {

PendingRating PendingRatings::announce(VideoId video, UserId user, std::int32_t stars) {
  const auto change = TimeUuid::now();
  return {storage::shard_of(video),
          storage::minute_of(change.timestamp()),
          change,
          video,
          user,
          stars,
          now()};
}

decltype(ratings_pending)::Key PendingRatings::key_of(const PendingRating& rating) {
  return {rating.shard, rating.minute, rating.changeid};
}

Task<std::vector<PendingRating>> PendingRatings::of(const Context& context, VideoId video) {
  std::vector<PendingRating> found;
  co_await each(context, storage::shard_of(video), now() + time_limits::clock_difference,
                [&](const PendingRating& rating) -> Task<void> {
                  if (rating.videoid == video) found.push_back(rating);
                  co_return;
                });
  co_return found;
}

Task<void> PendingRatings::settle(const Context& context, Timestamp latest, const Visit& settle) {
  for (std::int32_t shard = 0; shard < storage::queue_shards; ++shard) {
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
  const auto stored =
      co_await store_.get(context, storage::queue_positions, {ratings_pending.name, shard});
  const Timestamp position = stored ? stored->position : storage::first_position(now());
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
    if (position >= known.stored && position < known.stored + storage::position_interval) co_return;
  }
  storage::Batch batch;
  batch.insert(storage::queue_positions, {ratings_pending.name, shard, position});
  co_await store_.commit(context, std::move(batch));
  const std::lock_guard lock(mutex_);
  known.stored = position;
}

// Calls `visit` with those of a shard from its position on, the oldest first.
Task<void> PendingRatings::each(const Context& context, std::int32_t shard, Timestamp until,
                                const std::function<Task<void>(const PendingRating&)>& visit) {
  const Timestamp known = co_await position(context, shard);
  const Timestamp from = std::min(known, until);
  storage::MinuteReader reader(store_, context, ratings_pending, shard, from, until);
  while (!reader.done())
    for (const PendingRating& rating : co_await reader.next())
      if (rating.changeid.timestamp() <= until) co_await visit(rating);
}

}  // namespace killrvideo
