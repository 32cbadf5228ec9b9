#include "suggestions/rebuild.hpp"

#include <algorithm>
#include <set>
#include <thread>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "catalog/tables.hpp"
#include "common/clock.hpp"
#include "ratings/tables.hpp"
#include "storage/bulk.hpp"
#include "suggestions/likes.hpp"
#include "suggestions/made_watch.hpp"
#include "suggestions/score_changes.hpp"
#include "suggestions/top_list.hpp"

namespace killrvideo {
namespace {

// The keys of the rows in suggestions_made: that all is complete, and that since some time ratings
// are counted by partitions.
constexpr auto everything_made = "all", counted_by_partitions = "counted by partitions";

storage::Batch made(Counting counting) {
  storage::Batch batch;
  batch.insert(suggestions_made, {everything_made, now()});
  if (counting == Counting::by_partitions) {
    batch.insert(suggestions_made, {counted_by_partitions, now()});
  } else {
    batch.remove(suggestions_made, {counted_by_partitions});
  }
  return batch;
}

Counting counting_in(storage::Store& store) {
  return run(store.get({}, suggestions_made, {counted_by_partitions})) ? Counting::by_partitions
                                                                       : Counting::in_one_process;
}

template <class Id, class Value>
using ById = std::unordered_map<Id, Value, UuidHash>;

class Rebuild {
 public:
  Rebuild(storage::Store& store, TagIndex& tags, std::size_t in_flight,
          const RebuildProgress& progress, std::optional<Counting> counting)
      : store_(store),
        tags_(tags),
        writer_(store, in_flight),
        progress_(progress),
        before_(counting_in(store)),
        from_now_on_(counting.value_or(before_)) {}

  void run_all() {
    run(ask_for_rebuild(store_));
    if (before_ == Counting::by_partitions || from_now_on_ == Counting::by_partitions)
      wait_for_others();
    read_ratings();
    write_likes();
    index_by_video();
    write_scores();
    correct_tags();
    writer_.flush();
    make_tag_lists();
    run(store_.commit({}, made(from_now_on_)));
  }

 private:
  void wait_for_others() const;
  void read_ratings();
  void write_likes();
  void write_likes_of(const UserId& user, std::vector<RecentLike>& likes);
  void index_by_video();
  void write_scores();
  std::vector<Scored> scores_of(const VideoId& video, const std::vector<UserId>& users) const;
  void write_scores_of(const VideoId& video, std::vector<Scored> scores);
  void correct_tags();
  void remove_false_tags(std::uint64_t total);
  void make_tag_lists();
  void come_by(std::string_view what, std::uint64_t done, std::uint64_t total) const;

  storage::Store& store_;
  TagIndex& tags_;
  storage::BulkWriter writer_;
  const RebuildProgress& progress_;
  const Counting before_, from_now_on_;
  ById<UserId, std::vector<RecentLike>> likes_;  // of each user, most recent first
  ById<VideoId, std::int64_t> popularity_;
  ById<VideoId, std::vector<UserId>> users_;  // among whose counted likes the video is
  std::set<std::string> all_tags_;
};

// Tells of progress where the total is an estimate.
void Rebuild::come_by(std::string_view what, std::uint64_t done, std::uint64_t total) const {
  progress_(what, done, std::max(done + 1, total));
}

// Until no process changes scores any more.
void Rebuild::wait_for_others() const {
  constexpr auto step = std::chrono::milliseconds(100);
  constexpr auto steps = static_cast<std::uint64_t>(MadeWatch::everybody_knows / step);
  for (std::uint64_t done = 0; done < steps; ++done) {
    progress_("waiting for other processes", done, steps);
    std::this_thread::sleep_for(step);
  }
}

void Rebuild::read_ratings() {
  std::int64_t total = 0;
  storage::scan_all(store_, video_ratings, [&](const std::vector<VideoRating>& rows) {
    for (const VideoRating& row : rows) total += row.rating_counter.value;
    come_by("ratings read", 0, 0);
  });
  std::uint64_t done = 0;
  storage::scan_all(store_, video_ratings_by_user, [&](const std::vector<VideoRatingByUser>& rows) {
    for (const auto& row : rows) {
      const auto like = like_of(row.videoid, row.userid, row.rating, row.rating_date);
      if (!like) continue;
      likes_[like->userid].push_back(recent(*like));
      popularity_[like->videoid] += like->rating;
    }
    done += rows.size();
    come_by("ratings read", done, static_cast<std::uint64_t>(std::max<std::int64_t>(total, 0)));
  });
  progress_("ratings read", done, done);
}

void Rebuild::write_likes() {
  // Users who like nothing any more have to lose what is there of them.
  std::unordered_set<UserId, UuidHash> gone;
  storage::scan_all(store_, suggestions_likes, [&](const std::vector<Like>& rows) {
    for (const Like& like : rows)
      if (!likes_.contains(like.userid)) gone.insert(like.userid);
    come_by("likes", 0, likes_.size());
  });
  for (const UserId& user : gone) likes_[user];
  std::uint64_t done = 0;
  for (auto& [user, likes] : likes_) {
    write_likes_of(user, likes);
    progress_("likes", ++done, likes_.size());
  }
  storage::scan_all(store_, suggestions_unlisted, [&](const std::vector<UnlistedScores>& rows) {
    for (const auto& row : rows) writer_.batch().remove(suggestions_unlisted, {row.userid});
  });
}

void Rebuild::write_likes_of(const UserId& user, std::vector<RecentLike>& likes) {
  std::ranges::sort(likes, more_recent);
  ById<VideoId, RecentLike> old;
  for (const Like& like : storage::all_rows(store_, suggestions_likes, {user}))
    old.emplace(like.videoid, recent(like));
  for (const RecentLike& like : likes) {
    const auto known = old.find(like.videoid);
    const bool same = known != old.end() && known->second == like;
    if (!same) {
      auto& batch = writer_.batch();
      if (known != old.end() && known->second.rating_date != like.rating_date)
        batch.remove(suggestions_recent_likes, {user, known->second.rating_date, like.videoid});
      batch.insert(suggestions_recent_likes, like);
      batch.insert(suggestions_likes, {user, like.videoid, like.rating, like.rating_date});
    }
    if (known != old.end()) old.erase(known);
  }
  for (const auto& [video, like] : old) {
    auto& batch = writer_.batch();
    batch.remove(suggestions_recent_likes, {user, like.rating_date, video});
    batch.remove(suggestions_likes, {user, video});
  }
  if (likes.size() > most_likes) likes.resize(most_likes);
}

void Rebuild::index_by_video() {
  for (const auto& [user, likes] : likes_)
    for (const RecentLike& like : likes) users_[like.videoid].push_back(user);
  // Videos that have lost all their scores are those that still have a list.
  storage::scan_all(store_, suggestions_related, [&](const std::vector<RelatedVideos>& rows) {
    for (const auto& row : rows) users_[row.videoid];
  });
  users_.erase(everything);
}

void Rebuild::write_scores() {
  std::uint64_t done = 0;
  for (const auto& [video, users] : users_) {
    write_scores_of(video, scores_of(video, users));
    progress_("scores", ++done, users_.size());
  }
  std::vector<Scored> popular;
  for (const auto& [video, stars] : popularity_) popular.push_back({stars, video});
  write_scores_of(everything, std::move(popular));
}

std::vector<Scored> Rebuild::scores_of(const VideoId& video,
                                       const std::vector<UserId>& users) const {
  ById<VideoId, std::int64_t> sums;
  for (const UserId& user : users)
    for (const RecentLike& like : likes_.at(user))
      if (like.videoid != video) sums[like.videoid] += like.rating;
  std::vector<Scored> scores;
  scores.reserve(sums.size());
  for (const auto& [other, score] : sums) scores.push_back({score, other});
  return scores;
}

void Rebuild::write_scores_of(const VideoId& video, std::vector<Scored> scores) {
  ById<VideoId, std::int64_t> old;
  for (const Scored& scored : all_scores(store_, video)) old.emplace(scored.video, scored.score);
  for (const Scored& scored : scores) {
    const auto known = old.find(scored.video);
    if (known == old.end() || known->second != scored.score)
      writer_.batch().insert(suggestions_scores, {video, scored.video, scored.score});
    if (known != old.end()) old.erase(known);
  }
  for (const auto& [other, score] : old) writer_.batch().remove(suggestions_scores, {video, other});

  const TopList list(std::move(scores));
  const auto row = run(store_.get({}, suggestions_related, {video}));
  if (list.best().empty()) {
    if (row) writer_.batch().remove(suggestions_related, {video});
  } else if (!row || TopList::decode(row->best) != list) {
    writer_.batch().insert(suggestions_related, {video, list.encode()});
  }
}

// Makes videos_by_tag what the videos say.
void Rebuild::correct_tags() {
  std::uint64_t total = 0;
  storage::scan_all(store_, videos, [&](const std::vector<Video>& rows) {
    total += rows.size();
    come_by("tags", 0, total);
  });
  remove_false_tags(total);
  std::uint64_t done = 0;
  storage::scan_all(store_, videos, [&](const std::vector<Video>& rows) {
    for (const Video& video : rows)
      for (const std::string& tag : video.tags) {
        writer_.batch().insert(videos_by_tag, tagged(video, tag));
        all_tags_.insert(tag);
      }
    done += rows.size();
    come_by("tags", done, total);
  });
  progress_("tags", done, done);
}

void Rebuild::remove_false_tags(std::uint64_t total) {
  storage::scan_all(store_, videos_by_tag, [&](const std::vector<VideoByTag>& rows) {
    come_by("tags", 0, total);
    std::vector<std::tuple<VideoId>> keys;
    keys.reserve(rows.size());
    for (const auto& row : rows) keys.emplace_back(row.videoid);
    const auto found = run(store_.get_many({}, videos, std::span<const std::tuple<VideoId>>(keys)));
    for (std::size_t i = 0; i < rows.size(); ++i)
      if (!found[i] || !found[i]->tags.contains(rows[i].tag))
        writer_.batch().remove(videos_by_tag, {rows[i].tag, rows[i].videoid});
  });
}

// From videos_by_tag, one by one: so what is indexed at the same time is in there, too.
void Rebuild::make_tag_lists() {
  storage::scan_all(store_, suggestions_tags, [&](const std::vector<TaggedVideos>& rows) {
    for (const auto& row : rows) all_tags_.insert(row.tag);
  });
  std::uint64_t done = 0;
  for (const std::string& tag : all_tags_) {
    run(tags_.make_list({}, tag));
    progress_("lists of tags", ++done, all_tags_.size());
  }
}

template <class Table>
bool is_empty(storage::Store& store, const Table& table) {
  return run(store.scan({}, table, {}, 1)).rows.empty();
}

}  // namespace

void rebuild_suggestions(storage::Store& store, TagIndex& tags, std::size_t in_flight,
                         const RebuildProgress& progress, std::optional<Counting> counting) {
  Rebuild(store, tags, in_flight, progress, counting).run_all();
}

std::optional<Timestamp> suggestions_made_at(storage::Store& store, Counting counting) {
  const auto row = run(store.get({}, suggestions_made, {everything_made}));
  return row && counting_in(store) == counting ? std::optional(row->made_at) : std::nullopt;
}

bool rebuild_is_needed(storage::Store& store, Counting counting) {
  if (suggestions_made_at(store, counting)) return false;
  if (!is_empty(store, videos) || !is_empty(store, video_ratings_by_user) ||
      !is_empty(store, suggestions_likes))
    return true;
  run(store.commit({}, made(counting)));
  return false;
}

Task<void> ask_for_rebuild(storage::Store& store) {
  co_await store.commit({}, storage::Batch().remove(suggestions_made, {everything_made}));
}

}  // namespace killrvideo
