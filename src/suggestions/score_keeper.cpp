#include "suggestions/score_keeper.hpp"

#include <unordered_map>

#include "common/concurrently.hpp"
#include "suggestions/id_bytes.hpp"
#include "suggestions/rebuild.hpp"
#include "suggestions/score_changes.hpp"

namespace killrvideo {
namespace {

using recommender::events::ScoresChanged;

constexpr std::size_t videos_at_a_time = 64, most_changes_waiting = 10'000;
constexpr std::size_t batches_at_once = 16;

}  // namespace

ScoreKeeper::ScoreKeeper(storage::Store& store, const MadeWatch& made)
    : store_(store),
      made_(made),
      worker_(
          "changes of scores", {videos_at_a_time, most_changes_waiting},
          [](const Change& change) -> Uuid { return change.video; },
          [this](std::span<const Change> group) { work(group); }) {}

Task<void> ScoreKeeper::add(const ScoresChanged& changed) {
  co_await worker_.process(read(changed));
}

ScoreKeeper::Change ScoreKeeper::read(const ScoresChanged& message) {
  Change change{id_of<VideoId>(message.video_id()),
                Timestamp{std::chrono::milliseconds(message.made_at())},
                {}};
  for (const auto& by_user : message.changes()) {
    change.by_users.push_back({id_of<UserId>(by_user.user_id()),
                               by_user.number(),
                               split_ids(by_user.other_ids()),
                               {by_user.amounts().begin(), by_user.amounts().end()}});
    if (change.by_users.back().others.size() != change.by_users.back().amounts.size())
      throw Error(Code::invalid_argument, "not one amount for each score");
  }
  return change;
}

void ScoreKeeper::work(std::span<const Change> group) {
  const auto made_at = made_.when_made();
  std::vector<const Change*> current;
  for (const Change& change : group)
    if (is_current(change, made_at)) current.push_back(&change);
  if (!current.empty()) apply(current, made_at);
}

// Who has handed it over may know of newer scores than this process.
bool ScoreKeeper::is_current(const Change& change, Timestamp made_at) const {
  if (change.made_at == made_at) return true;
  const auto now = suggestions_made_at(store_, Counting::by_partitions);
  if (!now || *now == change.made_at)
    throw Error(Code::unavailable, "the recommendations have just been made anew");
  return false;
}

void ScoreKeeper::apply(std::span<const Change* const> changes, Timestamp made_at) {
  std::vector<std::tuple<VideoId, UserId>> keys;
  for (const Change* change : changes)
    for (const ByUser& by_user : change->by_users) keys.emplace_back(change->video, by_user.user);
  const auto applied = run(
      store_.get_many({}, suggestions_applied, std::span<const std::tuple<VideoId, UserId>>(keys)));
  ScoreAmounts amounts;
  std::unordered_map<VideoId, storage::Batch, UuidHash> batches;
  auto before = applied.begin();
  for (const Change* change : changes) {
    for (const auto& [user, number, others, added] : change->by_users) {
      const auto& known = *before++;
      const bool is_new = !known || known->made_at != made_at || known->number < number;
      for (std::size_t i = 0; i < others.size(); ++i)
        amounts[change->video][others[i]] += is_new ? added[i] : 0;
      if (is_new)
        batches[change->video].insert(suggestions_applied, {change->video, user, number, made_at});
    }
  }
  const auto rescored = change_scores(
      store_, amounts, [&](const VideoId& video) -> storage::Batch& { return batches[video]; });
  const Context context;
  std::vector<storage::Batch> to_commit;
  to_commit.reserve(batches.size());
  for (auto& [video, batch] : batches) to_commit.push_back(std::move(batch));
  run(concurrently(to_commit.size(), batches_at_once,
                   [&](std::size_t i) { return store_.commit(context, std::move(to_commit[i])); }));
  update_lists(store_, rescored, {});
}

}  // namespace killrvideo
