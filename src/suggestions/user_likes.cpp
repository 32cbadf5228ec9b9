#include "suggestions/user_likes.hpp"

#include <algorithm>

#include "common/concurrently.hpp"
#include "ratings/tables.hpp"
#include "recommender/recommender_deltas.pb.h"
#include "suggestions/likes.hpp"

namespace killrvideo {
namespace {

using recommender::UserDeltas;
using recommender::events::ScoresChanged;

constexpr std::size_t ratings_at_a_time = 64, most_ratings_waiting = 10'000;
// Of one batch with likes, scores and lists.
constexpr std::size_t deltas_in_a_batch = 2'048;
// Of one message, which is applied in one batch: Cassandra wants batches small.
constexpr int most_amounts = 256;
constexpr std::size_t messages_at_once = 1'000;

// What has to be written and added to scores for a rating to be counted.
struct CountedRating {
  storage::Batch likes;
  std::vector<ScoreDelta> deltas;
};

// Nothing if the rating, as it is stored now, is counted.
Task<std::optional<CountedRating>> count_rating(storage::Store& store, const Context& context,
                                                VideoId video, UserId user) {
  const auto rating = co_await store.get(context, video_ratings_by_user, {video, user});
  const auto like =
      rating ? like_of(video, user, rating->rating, rating->rating_date) : std::nullopt;
  const auto old = co_await store.get(context, suggestions_likes, {user, video});
  if (like == old) co_return std::nullopt;
  // One more than count, as one of them may be removed.
  storage::SliceQuery<> wanted{.size = most_likes + 1};
  const auto before =
      co_await store.slice(context, suggestions_recent_likes, {user}, std::move(wanted));
  auto after = before.rows;
  if (old) std::erase(after, recent(*old));
  if (like)
    after.insert(std::ranges::lower_bound(after, recent(*like), more_recent), recent(*like));
  auto deltas = score_deltas(before.rows, after);
  const std::int64_t stars = (like ? like->rating : 0) - (old ? old->rating : 0);
  if (stars != 0) deltas.push_back({popularity_shard(video), video, stars});
  co_return CountedRating{replace_like(old, like), std::move(deltas)};
}

storage::Blob encode(const std::vector<ScoreDelta>& deltas) {
  ById<VideoId, UserDeltas::OfVideo*> videos;
  UserDeltas encoded;
  for (const ScoreDelta& delta : deltas) {
    auto*& video = videos[delta.video];
    if (!video) {
      video = encoded.add_videos();
      video->set_video_id(std::string(delta.video.view()));
    }
    video->mutable_other_ids()->append(delta.other.view());
    video->add_amounts(delta.amount);
  }
  return {encoded.SerializeAsString()};
}

// One or several for each video.
class Messages {
 public:
  void add(const PublishedDeltas& counted) {
    UserDeltas deltas;
    if (!deltas.ParseFromString(counted.deltas.bytes))
      storage::throw_corrupt("deltas that cannot be read");
    for (const auto& of_video : deltas.videos()) {
      auto& change = *room_for(of_video, counted.epoch).add_changes();
      change.set_user_id(std::string(counted.userid.view()));
      change.set_sequence(counted.sequence);
      change.set_other_ids(of_video.other_ids());
      *change.mutable_amounts() = of_video.amounts();
    }
  }

  std::span<const ScoresChanged> all() const { return messages_; }

 private:
  struct Last {
    std::size_t index;
    int amounts;
  };

  ScoresChanged& room_for(const UserDeltas::OfVideo& deltas, Timestamp epoch) {
    auto [known, is_new] = last_.try_emplace(Uuid::from<VideoId>(deltas.video_id()), Last{});
    Last& last = known->second;
    last.amounts += deltas.amounts_size();
    if (!is_new && last.amounts <= most_amounts) return messages_[last.index];
    last = {messages_.size(), deltas.amounts_size()};
    ScoresChanged& message = messages_.emplace_back();
    message.set_video_id(deltas.video_id());
    message.set_epoch(epoch.time_since_epoch().count());
    return message;
  }

  std::vector<ScoresChanged> messages_;
  ById<VideoId, Last> last_;  // of each video
};

}  // namespace

UserLikes::UserLikes(storage::Store& store, RebuildEpoch& epoch, ChangeCounters& changes,
                     Publish publish)
    : store_(store),
      epoch_(epoch),
      changes_(changes),
      publish_(std::move(publish)),
      worker_(
          "ratings", {ratings_at_a_time, most_ratings_waiting},
          [](const Rating& rating) -> Uuid { return rating.user; },
          [this](std::span<const Rating> group) { work(group); }) {}

Task<void> UserLikes::count(const Context& context, VideoId video, UserId user) {
  co_await worker_.process({video, user, context.trace()});
}

void UserLikes::exclusively(const std::function<void()>& work) {
  const std::lock_guard lock(counting_);
  work();
}

void UserLikes::work(std::span<const Rating> group) try {
  const std::lock_guard lock(counting_);
  publish_ ? count_and_publish(group) : count_in_one_batch(group);
  for (const Rating& rating : group) changes_.changed(rating.user);
} catch (...) {
  changes_.all_changed();  // part of it may be written
  throw;
}

void UserLikes::count_in_one_batch(std::span<const Rating> group) {
  while (!group.empty()) {
    storage::Batch batch;
    ScoreAmounts amounts;
    for (std::size_t deltas = 0; !group.empty() && deltas < deltas_in_a_batch;
         group = group.subspan(1)) {
      const Context context(0, Context::Deadline::max(), group.front().trace);
      auto counted = run(count_rating(store_, context, group.front().video, group.front().user));
      if (!counted) continue;
      batch.append(std::move(counted->likes));
      for (const ScoreDelta& delta : counted->deltas)
        amounts[delta.video][delta.other] += delta.amount;
      deltas += counted->deltas.size();
    }
    change_scores(store_, amounts, [&](const VideoId&) -> storage::Batch& { return batch; });
    run(store_.commit({}, std::move(batch)));
    for (const auto& [video, others] : amounts) changes_.changed(video);
  }
}

void UserLikes::count_and_publish(std::span<const Rating> group) {
  const auto epoch = epoch_.require();
  // What is published together goes on with the trace of one of them.
  const Context context(0, Context::Deadline::max(), group.front().trace);
  std::vector<std::optional<PublishedDeltas>> found(group.size());
  const auto count_it = [&](std::size_t i) -> Task<void> {
    found[i] = co_await count_one(context, group[i], epoch);
  };
  run(concurrently(group.size(), group.size(), count_it));
  std::vector<PublishedDeltas> counted;
  for (auto& one : found)
    if (one) counted.push_back(std::move(*one));
  run(publish(context, counted));
}

Task<std::optional<PublishedDeltas>> UserLikes::count_one(const Context& context,
                                                          const Rating& rating, Timestamp epoch) {
  const auto last = co_await store_.get(context, suggestions_deltas, {rating.user});
  if (last && last->epoch == epoch && last->published_to.value_or(0) < last->sequence)
    co_await publish(context, {&*last, 1});
  auto counted = co_await count_rating(store_, context, rating.video, rating.user);
  if (!counted) co_return std::nullopt;
  PublishedDeltas deltas{rating.user, last ? last->sequence + 1 : 1, epoch, encode(counted->deltas),
                         std::nullopt};
  auto batch = std::move(counted->likes);
  batch.update<&PublishedDeltas::sequence, &PublishedDeltas::epoch, &PublishedDeltas::deltas>(
      suggestions_deltas, deltas);
  co_await store_.commit(context, std::move(batch));
  co_return deltas;
}

Task<void> UserLikes::publish(const Context& context, std::span<const PublishedDeltas> counted) {
  Messages messages;
  for (const PublishedDeltas& one : counted) messages.add(one);
  const auto all = messages.all();
  co_await concurrently(all.size(), messages_at_once,
                        [&](std::size_t i) { return publish_(context, all[i]); });
  // Another process may have counted the user's next rating meanwhile: only this column is ours.
  const auto remember = [&](std::size_t i) -> Task<void> {
    PublishedDeltas row = counted[i];
    row.published_to = row.sequence;
    storage::Batch batch;
    batch.update<&PublishedDeltas::published_to>(suggestions_deltas, row);
    co_await store_.commit(context, std::move(batch));
  };
  co_await concurrently(counted.size(), counted.size(), remember);
}

}  // namespace killrvideo
