#include "suggestions/like_counter.hpp"

#include <unordered_map>
#include <vector>

#include "common/concurrently.hpp"
#include "recommender/recommender_events.pb.h"
#include "recommender/recommender_scores.pb.h"
#include "suggestions/counted_rating.hpp"
#include "suggestions/id_bytes.hpp"

namespace killrvideo {
namespace {

using recommender::CountedScores;
using recommender::events::ScoresChanged;

constexpr std::size_t counted_at_a_time = 64, most_ratings_waiting = 10'000;
// Of one message, which whoever gets it writes in one batch: Cassandra wants batches small.
constexpr int most_amounts = 256;
constexpr std::size_t messages_at_once = 1'000;

storage::Blob encode(const std::vector<ScoreChange>& changes) {
  std::unordered_map<VideoId, CountedScores::OfVideo*, UuidHash> videos;
  CountedScores scores;
  for (const ScoreChange& change : changes) {
    if (change.amount == 0) continue;
    auto*& video = videos[change.video];
    if (!video) {
      video = scores.add_videos();
      video->set_video_id(bytes_of(change.video));
    }
    video->mutable_other_ids()->append(bytes_of(change.other));
    video->add_amounts(change.amount);
  }
  return {scores.SerializeAsString()};
}

// One or several for each video.
class Messages {
 public:
  void add(const CountedByUser& counted) {
    CountedScores scores;
    if (!scores.ParseFromString(counted.scores.bytes))
      storage::throw_corrupt("counted scores that cannot be read");
    for (const auto& of_video : scores.videos()) {
      auto& message = room_for(of_video, counted.made_at);
      auto& change = *message.add_changes();
      change.set_user_id(bytes_of(counted.userid));
      change.set_number(counted.number);
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

  ScoresChanged& room_for(const CountedScores::OfVideo& scores, Timestamp made_at) {
    auto [known, is_new] = last_.try_emplace(scores.video_id(), Last{});
    Last& last = known->second;
    last.amounts += scores.amounts_size();
    if (!is_new && last.amounts <= most_amounts) return messages_[last.index];
    last = {messages_.size(), scores.amounts_size()};
    ScoresChanged& message = messages_.emplace_back();
    message.set_video_id(scores.video_id());
    message.set_made_at(made_at.time_since_epoch().count());
    return message;
  }

  std::vector<ScoresChanged> messages_;
  std::unordered_map<std::string, Last> last_;  // of each video
};

}  // namespace

LikeCounter::LikeCounter(storage::Store& store, const MadeWatch& made, const Publish& publish)
    : store_(store),
      made_(made),
      publish_(publish),
      worker_(
          "ratings", {counted_at_a_time, most_ratings_waiting},
          [](const Rating& rating) -> Uuid { return rating.user; },
          [this](std::span<const Rating> group) { work(group); }) {}

Task<void> LikeCounter::count(const Context& context, VideoId video, UserId user) {
  co_await worker_.process({video, user, context.trace()});
}

void LikeCounter::work(std::span<const Rating> group) {
  const auto made_at = made_.when_made();
  // What is handed over together goes on with the trace of one of them.
  const Context context(0, Context::Deadline::max(), group.front().trace);
  std::vector<std::optional<CountedByUser>> found(group.size());
  const auto count_it = [&](std::size_t i) -> Task<void> {
    found[i] = co_await count_one(context, group[i], made_at);
  };
  run(concurrently(group.size(), group.size(), count_it));
  std::vector<CountedByUser> counted;
  for (auto& one : found)
    if (one) counted.push_back(std::move(*one));
  run(hand_over(context, counted));
}

Task<std::optional<CountedByUser>> LikeCounter::count_one(const Context& context,
                                                          const Rating& rating, Timestamp made_at) {
  const auto last = co_await store_.get(context, suggestions_counted, {rating.user});
  if (last && last->made_at == made_at && last->handed_over.value_or(0) < last->number)
    co_await hand_over(context, {&*last, 1});
  auto change = co_await count_rating(store_, context, rating.video, rating.user);
  if (!change) co_return std::nullopt;
  CountedByUser counted{rating.user, last ? last->number + 1 : 1, made_at, encode(change->scores),
                        std::nullopt};
  auto batch = std::move(change->likes);
  batch.update<&CountedByUser::number, &CountedByUser::made_at, &CountedByUser::scores>(
      suggestions_counted, counted);
  co_await store_.commit(context, std::move(batch));
  co_return counted;
}

Task<void> LikeCounter::hand_over(const Context& context, std::span<const CountedByUser> counted) {
  Messages messages;
  for (const CountedByUser& one : counted) messages.add(one);
  const auto all = messages.all();
  const auto publish = [&](std::size_t i) -> Task<void> {
    co_await publish_(context, id_of<VideoId>(all[i].video_id()), all[i]);
  };
  co_await concurrently(all.size(), messages_at_once, publish);
  // Another process may have counted the user's next rating meanwhile: only this column is ours.
  const auto remember = [&](std::size_t i) -> Task<void> {
    CountedByUser row = counted[i];
    row.handed_over = row.number;
    storage::Batch batch;
    batch.update<&CountedByUser::handed_over>(suggestions_counted, row);
    co_await store_.commit(context, std::move(batch));
  };
  co_await concurrently(counted.size(), counted.size(), remember);
}

}  // namespace killrvideo
