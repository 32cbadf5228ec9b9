#include "suggestions/score_changes.hpp"

#include <algorithm>

#include "storage/bulk.hpp"
#include "suggestions/counted_rating.hpp"
#include "suggestions/id_bytes.hpp"

namespace killrvideo {
namespace {

// Lists are written some at a time: Cassandra wants batches small.
constexpr std::size_t list_bytes_at_a_time = 32'768;

}  // namespace

void ScoreChanges::add(const VideoId& video, const UserId& user) {
  auto counted = run(count_rating(store_, context_, video, user)).value_or(CountedRating{});
  for (const ScoreChange& score : counted.scores)
    amounts_[score.video][score.other] += score.amount;
  first_.append(std::move(counted.likes));
  note(user, std::move(counted.changed), std::move(counted.all));
}

// Keeps a note of which scores have to come to the lists, together with an earlier one.
void ScoreChanges::note(const UserId& user, std::vector<VideoId> changed,
                        std::vector<VideoId> all) {
  const auto unlisted = run(store_.get(context_, suggestions_unlisted, {user}));
  if (unlisted) {
    add_missing(changed, split_ids(unlisted->changed.bytes));
    add_missing(all, split_ids(unlisted->all.bytes));
    for (const VideoId& v : changed) {
      amounts_[everything][v] += 0;
      for (const VideoId& w : all) {
        if (v == w) continue;
        amounts_[v][w] += 0;
        amounts_[w][v] += 0;
      }
    }
  }
  if (changed.empty()) return;
  first_.insert(suggestions_unlisted, {user, {join_ids(changed)}, {join_ids(all)}});
  last_.remove(suggestions_unlisted, {user});
}

std::size_t ScoreChanges::size() const {
  std::size_t size = 0;
  for (const auto& [video, others] : amounts_) size += others.size();
  return size;
}

void ScoreChanges::write() {
  if (amounts_.empty()) return;
  const auto rescored =
      change_scores(store_, amounts_, [&](const VideoId&) -> storage::Batch& { return first_; });
  run(store_.commit(context_, std::move(first_)));
  update_lists(store_, rescored, std::move(last_));
}

Rescored change_scores(storage::Store& store, const ScoreAmounts& amounts,
                       const std::function<storage::Batch&(const VideoId&)>& batch_of) {
  Rescored rescored;
  std::vector<std::tuple<VideoId, VideoId>> keys;
  for (const auto& [video, others] : amounts)
    for (const auto& [other, amount] : others) keys.emplace_back(video, other);
  const auto rows = run(
      store.get_many({}, suggestions_scores, std::span<const std::tuple<VideoId, VideoId>>(keys)));
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const auto& [video, other] = keys[i];
    const auto& row = rows[i];
    const std::int64_t old = row ? row->score : 0;
    const std::int64_t score = old + amounts.at(video).at(other);
    rescored[video].push_back({score, other});
    if (score == old) continue;
    if (score != 0) {
      batch_of(video).insert(suggestions_scores, {video, other, score});
    } else {
      batch_of(video).remove(suggestions_scores, {video, other});
    }
  }
  return rescored;
}

std::vector<Scored> all_scores(storage::Store& store, const VideoId& video) {
  std::vector<Scored> scores;
  for (const VideoScore& row : storage::all_rows(store, suggestions_scores, {video}))
    scores.push_back({row.score, row.otherid});
  return scores;
}

void update_lists(storage::Store& store, const Rescored& changed, storage::Batch last) {
  std::vector<std::tuple<VideoId>> keys;
  for (const auto& [video, scores] : changed) keys.emplace_back(video);
  const auto rows =
      run(store.get_many({}, suggestions_related, std::span<const std::tuple<VideoId>>(keys)));
  storage::Batch batch;
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const VideoId video = std::get<0>(keys[i]);
    const auto& stored = rows[i];
    const auto old = stored ? TopList::decode(stored->best) : TopList();
    auto list = old;
    for (const Scored& scored : changed.at(video)) list.set(scored.video, scored.score);
    if (list.needs_all()) list = TopList(all_scores(store, video));
    if (list == old) continue;
    RelatedVideos row{video, list.encode()};
    bytes += row.best.bytes.size();
    const bool full = bytes > list_bytes_at_a_time;
    if (full) run(store.commit({}, std::exchange(batch, {})));
    if (full) bytes = row.best.bytes.size();
    if (list.best().empty()) {
      batch.remove(suggestions_related, {video});
    } else {
      batch.insert(suggestions_related, row);
    }
  }
  batch.append(std::move(last));
  if (!batch.empty()) run(store.commit({}, std::move(batch)));
}

}  // namespace killrvideo
