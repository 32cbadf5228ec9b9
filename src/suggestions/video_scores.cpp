#include "suggestions/video_scores.hpp"

#include "common/concurrently.hpp"
#include "storage/bulk.hpp"

namespace killrvideo {
namespace {

using recommender::events::ScoresChanged;

constexpr std::size_t videos_at_a_time = 64, most_changes_waiting = 10'000;

// Throws Error invalid_argument if these are no ids.
std::vector<VideoId> split_ids(std::string_view bytes) {
  std::vector<VideoId> ids;
  for (; !bytes.empty(); bytes.remove_prefix(sizeof(Uuid)))
    ids.push_back(Uuid::from<VideoId>(bytes.substr(0, sizeof(Uuid))));
  return ids;
}

// From all scores in the store and those that are about to be written.
ScoreList list_of_all(storage::Store& store, const VideoId& video,
                      std::span<const Ranked> new_scores) {
  ById<VideoId, std::int64_t> scores;
  for (const Ranked& scored : all_scores(store, video)) scores[scored.video] = scored.rank;
  for (const Ranked& scored : new_scores) scores[scored.video] = scored.rank;
  std::vector<Ranked> all;
  for (const auto& [other, score] : scores)
    if (score != 0) all.push_back({score, other});
  return ScoreList(std::move(all));
}

}  // namespace

void change_scores(storage::Store& store, const ScoreAmounts& amounts,
                   const std::function<storage::Batch&(const VideoId&)>& batch_of) {
  std::vector<std::tuple<VideoId, VideoId>> score_keys;
  for (const auto& [video, others] : amounts)
    for (const auto& [other, amount] : others) score_keys.emplace_back(video, other);
  const auto lists = run(store.get_many({}, suggestions_related, std::views::keys(amounts)));
  const auto scores = run(store.get_many({}, suggestions_scores, score_keys));
  auto stored_list = lists.begin();
  auto stored_score = scores.begin();
  for (const auto& [video, others] : amounts) {
    storage::Batch& batch = batch_of(video);
    const auto& row = *stored_list++;
    const auto old_list = row ? ScoreList::decode(row->best) : ScoreList();
    auto list = old_list;
    std::vector<Ranked> new_scores;
    for (const auto& [other, amount] : others) {
      const auto& stored = *stored_score++;
      const std::int64_t score = (stored ? stored->score : 0) + amount;
      if (amount == 0) continue;
      new_scores.push_back({score, other});
      if (score != 0) {
        batch.insert(suggestions_scores, {video, other, score});
        list.set({score, other});
      } else {
        batch.remove(suggestions_scores, {video, other});
        list.erase(other);
      }
    }
    if (list.may_lack(least_scores)) list = list_of_all(store, video, new_scores);
    if (list != old_list) put_list(batch, video, list);
  }
}

std::vector<Ranked> all_scores(storage::Store& store, const VideoId& video) {
  std::vector<Ranked> scores;
  for (const VideoScore& row : storage::all_rows(store, suggestions_scores, {video}))
    scores.push_back({row.score, row.otherid});
  return scores;
}

void put_list(storage::Batch& batch, const VideoId& video, const ScoreList& list) {
  if (list.entries().empty()) {
    batch.remove(suggestions_related, {video});
  } else {
    batch.insert(suggestions_related, {video, list.encode()});
  }
}

VideoScores::VideoScores(storage::Store& store, RebuildEpoch& epoch, ChangeCounters& changes)
    : store_(store),
      epoch_(epoch),
      changes_(changes),
      worker_(
          "changes of scores", {videos_at_a_time, most_changes_waiting},
          [](const ScoresChanged& message) -> Uuid { return Uuid::from(message.video_id()); },
          [this](std::span<const ScoresChanged> group) { apply(group); }) {}

Task<void> VideoScores::add(const ScoresChanged& message) {
  Uuid::from<VideoId>(message.video_id());
  for (const auto& delta : message.changes()) {
    Uuid::from<UserId>(delta.user_id());
    if (split_ids(delta.other_ids()).size() != static_cast<std::size_t>(delta.amounts_size()))
      throw Error(Code::invalid_argument, "not one amount for each score");
  }
  co_await worker_.process(message);
}

void VideoScores::exclusively(const std::function<void()>& work) {
  const std::lock_guard lock(changing_);
  work();
}

// Whoever published it may know a newer epoch than this process.
bool VideoScores::is_current(Timestamp of_message, Timestamp epoch) const {
  if (of_message == epoch) return true;
  const auto now = current_epoch(store_);
  if (!now || *now == of_message)
    throw Error(Code::unavailable, "the recommendations have just been rebuilt");
  return false;
}

void VideoScores::apply(std::span<const ScoresChanged> group) try {
  const std::lock_guard lock(changing_);
  const auto epoch = epoch_.require();
  std::vector<const ScoresChanged::ByUser*> deltas;
  std::vector<std::tuple<VideoId, UserId>> keys;
  for (const ScoresChanged& message : group) {
    if (!is_current(Timestamp{std::chrono::milliseconds(message.epoch())}, epoch)) continue;
    for (const auto& delta : message.changes()) {
      deltas.push_back(&delta);
      keys.emplace_back(Uuid::from<VideoId>(message.video_id()),
                        Uuid::from<UserId>(delta.user_id()));
    }
  }
  const auto applied = run(store_.get_many({}, suggestions_applied_deltas, keys));
  ScoreAmounts amounts;
  ById<VideoId, storage::Batch> batches;
  for (std::size_t i = 0; i < deltas.size(); ++i) {
    const auto& last = applied[i];
    if (last && last->epoch == epoch && last->sequence >= deltas[i]->sequence()) continue;
    const auto& [video, user] = keys[i];
    auto amount = deltas[i]->amounts().begin();
    for (const VideoId& other : split_ids(deltas[i]->other_ids()))
      amounts[video][other] += *amount++;
    batches[video].insert(suggestions_applied_deltas, {video, user, deltas[i]->sequence(), epoch});
  }
  change_scores(store_, amounts,
                [&](const VideoId& video) -> storage::Batch& { return batches[video]; });
  const Context context;
  std::vector<storage::Batch> to_commit;
  for (auto& [video, batch] : batches) to_commit.push_back(std::move(batch));
  run(concurrently(to_commit.size(), videos_at_a_time,
                   [&](std::size_t i) { return store_.commit(context, std::move(to_commit[i])); }));
  for (const auto& [video, others] : amounts) changes_.changed(video);
} catch (...) {
  changes_.all_changed();  // part of it may be written
  throw;
}

}  // namespace killrvideo
