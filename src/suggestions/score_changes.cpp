#include "suggestions/score_changes.hpp"

#include <algorithm>

#include "ratings/tables.hpp"
#include "storage/bulk.hpp"

namespace killrvideo {
namespace {

// Lists are written some at a time: Cassandra wants batches small.
constexpr std::size_t list_bytes_at_a_time = 32'768;

storage::Blob write_ids(const std::vector<VideoId>& ids) {
  storage::Blob blob;
  for (const VideoId& id : ids) storage::Cql<VideoId>::encode(id, blob.bytes);
  return blob;
}

std::vector<VideoId> read_ids(const storage::Blob& blob) {
  constexpr std::size_t size = sizeof(Uuid);
  std::vector<VideoId> ids;
  for (std::size_t at = 0; at + size <= blob.bytes.size(); at += size)
    ids.push_back(storage::Cql<VideoId>::decode(storage::Cell(blob.bytes).substr(at, size)));
  return ids;
}

void add_missing(std::vector<VideoId>& ids, const std::vector<VideoId>& more) {
  for (const VideoId& id : more)
    if (std::ranges::find(ids, id) == ids.end()) ids.push_back(id);
}

// The user's most recent likes after one of them was replaced. REQUIRES: `before` has one more than
// count, unless it has all.
std::vector<RecentLike> replaced(std::vector<RecentLike> likes, const std::optional<Like>& old,
                                 const std::optional<Like>& like) {
  if (old) std::erase(likes, recent(*old));
  if (like)
    likes.insert(std::ranges::lower_bound(likes, recent(*like), more_recent), recent(*like));
  return likes;
}

}  // namespace

void ScoreChanges::add(const VideoId& video, const UserId& user) {
  const auto rating = run(store_.get(context_, video_ratings_by_user, {video, user}));
  const auto like =
      rating ? like_of(video, user, rating->rating, rating->rating_date) : std::nullopt;
  const auto old = run(store_.get(context_, suggestions_likes, {user, video}));
  std::vector<VideoId> changed, all;
  if (like != old) {
    storage::PageOf<> wanted{.size = most_likes + 1};
    auto before =
        run(store_.page(context_, suggestions_recent_likes, {user}, std::move(wanted))).rows;
    const auto after = replaced(before, old, like);
    LikesChange change(before, after);
    for (const ScoreChange& score : change.scores)
      amounts_[score.video][score.other] += score.amount;
    amounts_[everything][video] += (like ? like->rating : 0) - (old ? old->rating : 0);
    replace_like(old, like);
    changed = std::move(change.changed);
    all = std::move(change.all);
    add_missing(changed, {video});
  }
  note(user, std::move(changed), std::move(all));
}

void ScoreChanges::replace_like(const std::optional<Like>& old, const std::optional<Like>& like) {
  const bool moved = old && (!like || old->rating_date != like->rating_date);
  if (moved) first_.remove(suggestions_recent_likes, {old->userid, old->rating_date, old->videoid});
  if (like) {
    first_.insert(suggestions_recent_likes, recent(*like));
    first_.insert(suggestions_likes, *like);
  } else if (old) {
    first_.remove(suggestions_likes, {old->userid, old->videoid});
  }
}

// Keeps a note of which scores have to come to the lists, together with an earlier one.
void ScoreChanges::note(const UserId& user, std::vector<VideoId> changed,
                        std::vector<VideoId> all) {
  const auto unlisted = run(store_.get(context_, suggestions_unlisted, {user}));
  if (unlisted) {
    add_missing(changed, read_ids(unlisted->changed));
    add_missing(all, read_ids(unlisted->all));
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
  first_.insert(suggestions_unlisted, {user, write_ids(changed), write_ids(all)});
  last_.remove(suggestions_unlisted, {user});
}

std::size_t ScoreChanges::size() const {
  std::size_t size = 0;
  for (const auto& [video, others] : amounts_) size += others.size();
  return size;
}

void ScoreChanges::write() {
  if (amounts_.empty()) return;
  const auto rescored = apply_to_scores();
  run(store_.commit(context_, std::move(first_)));
  update_lists(store_, rescored, std::move(last_));
}

// Adds the new scores to the first batch.
Rescored ScoreChanges::apply_to_scores() {
  Rescored rescored;
  std::vector<std::tuple<VideoId, VideoId>> keys;
  for (const auto& [video, others] : amounts_)
    for (const auto& [other, amount] : others) keys.emplace_back(video, other);
  const auto rows = run(store_.get_many(context_, suggestions_scores,
                                        std::span<const std::tuple<VideoId, VideoId>>(keys)));
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const auto& [video, other] = keys[i];
    const auto& row = rows[i];
    const std::int64_t old = row ? row->score : 0;
    const std::int64_t score = old + amounts_[video][other];
    rescored[video].push_back({score, other});
    if (score == old) continue;
    if (score != 0) {
      first_.insert(suggestions_scores, {video, other, score});
    } else {
      first_.remove(suggestions_scores, {video, other});
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
