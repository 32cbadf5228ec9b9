#include "suggestions/score_keeper.hpp"

#include <algorithm>
#include <iterator>
#include <unordered_map>
#include <vector>

#include "common/concurrently.hpp"
#include "suggestions/id_bytes.hpp"
#include "suggestions/rebuild.hpp"
#include "suggestions/score_changes.hpp"

namespace killrvideo {
namespace {

using recommender::events::ScoresChanged;

constexpr std::size_t videos_at_a_time = 64, most_waiting = 10'000;
constexpr std::size_t batches_at_once = 16;

// One user's part of what is added to a video's scores.
struct Change {
  VideoId video;
  UserId user;
  std::int64_t number;
  std::vector<VideoId> others;
  const google::protobuf::RepeatedField<std::int64_t>& amounts;
};

std::vector<Change> changes_in(const ScoresChanged& message) {
  std::vector<Change> changes;
  for (const auto& by_user : message.changes()) {
    changes.push_back({id_of<VideoId>(message.video_id()), id_of<UserId>(by_user.user_id()),
                       by_user.number(), split_ids(by_user.other_ids()), by_user.amounts()});
    if (changes.back().others.size() != static_cast<std::size_t>(by_user.amounts_size()))
      throw Error(Code::invalid_argument, "not one amount for each score");
  }
  return changes;
}

void apply(storage::Store& store, const std::vector<Change>& changes, Timestamp made_at) {
  std::vector<std::tuple<VideoId, UserId>> keys;
  keys.reserve(changes.size());
  for (const Change& change : changes) keys.emplace_back(change.video, change.user);
  const auto applied = run(
      store.get_many({}, suggestions_applied, std::span<const std::tuple<VideoId, UserId>>(keys)));
  ScoreAmounts amounts;
  std::unordered_map<VideoId, storage::Batch, UuidHash> batches;
  for (std::size_t i = 0; i < changes.size(); ++i) {
    const auto& [video, user, number, others, added] = changes[i];
    const auto& before = applied[i];
    const bool is_new = !before || before->made_at != made_at || before->number < number;
    for (std::size_t k = 0; k < others.size(); ++k)
      amounts[video][others[k]] += is_new ? added[static_cast<int>(k)] : 0;
    if (is_new) batches[video].insert(suggestions_applied, {video, user, number, made_at});
  }
  const auto rescored = change_scores(
      store, amounts, [&](const VideoId& video) -> storage::Batch& { return batches[video]; });
  const Context context;
  std::vector<storage::Batch> to_commit;
  to_commit.reserve(batches.size());
  for (auto& [video, batch] : batches) to_commit.push_back(std::move(batch));
  run(concurrently(to_commit.size(), batches_at_once,
                   [&](std::size_t i) { return store.commit(context, std::move(to_commit[i])); }));
  update_lists(store, rescored, {});
}

}  // namespace

ScoreKeeper::ScoreKeeper(storage::Store& store, const MadeWatch& made)
    : store_(store),
      made_(made),
      worker_(
          "changes of scores", {videos_at_a_time, most_waiting},
          [](const ScoresChanged& changed) { return id_of<Uuid>(changed.video_id()); },
          [this](Group group) { work(group); }) {}

Task<void> ScoreKeeper::add(ScoresChanged changed) {
  changes_in(changed);  // throws if it can never be read
  co_await worker_.done(std::move(changed));
}

void ScoreKeeper::work(Group group) {
  const auto made_at = made_.made_at();
  if (!made_at) throw Error(Code::unavailable, "the recommendations are being made anew");
  std::vector<Change> current;
  for (const ScoresChanged& changed : group)
    if (is_current(changed, *made_at))
      std::ranges::move(changes_in(changed), std::back_inserter(current));
  if (!current.empty()) apply(store_, current, *made_at);
}

// Who has handed it over may know of newer scores than this process.
bool ScoreKeeper::is_current(const ScoresChanged& changed, Timestamp made_at) const {
  const Timestamp of_change{std::chrono::milliseconds(changed.made_at())};
  if (of_change == made_at) return true;
  const auto now = suggestions_made_at(store_, Counting::by_partitions);
  if (!now || *now == of_change)
    throw Error(Code::unavailable, "the recommendations have just been made anew");
  return false;
}

}  // namespace killrvideo
