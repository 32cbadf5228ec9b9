#include "suggestions/rebuild.hpp"

#include <algorithm>
#include <set>
#include <thread>
#include <vector>

#include "catalog/tables.hpp"
#include "common/time_limits.hpp"
#include "ratings/tables.hpp"
#include "storage/bulk.hpp"
#include "suggestions/likes.hpp"
#include "suggestions/rebuild_epoch.hpp"
#include "suggestions/video_scores.hpp"

namespace killrvideo {
namespace {

class Rebuild {
 public:
  Rebuild(storage::Store& store, TagIndex& tags, const RebuildOptions& options,
          const ProgressListener& progress)
      : store_(store),
        tags_(tags),
        shared_store_(options.shared_store),
        writer_(store, options.in_flight),
        progress_(progress) {}

  void run_all() {
    run(ask_for_rebuild(store_));
    if (shared_store_ && was_ever_rebuilt(store_)) wait_for_others();
    read_ratings();
    write_likes();
    index_by_video();
    write_scores();
    correct_tags();
    writer_.flush();
    make_tag_lists();
    begin_epoch(store_);
  }

 private:
  // Tells of progress where the total is an estimate.
  void come_by(std::string_view what, std::uint64_t done, std::uint64_t total) const {
    progress_(what, done, std::max(done + 1, total));
  }

  // Until no process changes scores any more.
  void wait_for_others() const {
    constexpr auto step = std::chrono::milliseconds(100);
    constexpr auto steps = static_cast<std::uint64_t>(time_limits::epoch_known_after / step);
    for (std::uint64_t done = 0; done < steps; ++done) {
      progress_("waiting for other processes", done, steps);
      std::this_thread::sleep_for(step);
    }
  }

  void read_ratings() {
    std::int64_t total = 0;
    storage::scan_all(store_, video_ratings, [&](const std::vector<VideoRating>& rows) {
      for (const VideoRating& row : rows) total += row.rating_counter.value;
      come_by("ratings read", 0, 0);
    });
    ById<VideoId, std::int64_t> popularity;
    std::uint64_t done = 0;
    storage::scan_all(
        store_, video_ratings_by_user, [&](const std::vector<VideoRatingByUser>& rows) {
          for (const auto& row : rows) {
            const auto like = like_of(row.videoid, row.userid, row.rating, row.rating_date);
            if (!like) continue;
            likes_[like->userid].push_back(recent(*like));
            popularity[like->videoid] += like->rating;
          }
          done += rows.size();
          come_by("ratings read", done,
                  static_cast<std::uint64_t>(std::max<std::int64_t>(total, 0)));
        });
    for (const auto& [video, stars] : popularity)
      popular_[popularity_shard(video)].push_back({stars, video});
    progress_("ratings read", done, done);
  }

  void write_likes() {
    // Users who like nothing any more have to lose what is there of them.
    storage::scan_all(store_, suggestions_likes, [&](const std::vector<Like>& rows) {
      for (const Like& like : rows) likes_[like.userid];
      come_by("likes", 0, likes_.size());
    });
    std::uint64_t done = 0;
    for (auto& [user, likes] : likes_) {
      write_likes_of(user, likes);
      progress_("likes", ++done, likes_.size());
    }
  }

  void write_likes_of(const UserId& user, std::vector<RecentLike>& likes) {
    std::ranges::sort(likes, more_recent);
    ById<VideoId, Like> old;
    for (const Like& like : storage::all_rows(store_, suggestions_likes, {user}))
      old.emplace(like.videoid, like);
    for (const RecentLike& each : likes) {
      const Like like{user, each.videoid, each.rating, each.rating_date};
      const auto known = old.find(like.videoid);
      const auto before = known == old.end() ? std::nullopt : std::optional(known->second);
      if (before != like) writer_.batch().append(replace_like(before, like));
      old.erase(like.videoid);
    }
    for (const auto& [video, like] : old) writer_.batch().append(replace_like(like, std::nullopt));
    if (likes.size() > most_likes) likes.resize(most_likes);
  }

  void index_by_video() {
    for (const auto& [user, likes] : likes_)
      for (const RecentLike& like : likes) users_[like.videoid].push_back(user);
    // Videos that have lost all their scores are those that still have a list.
    storage::scan_all(store_, suggestions_related, [&](const std::vector<RelatedVideos>& rows) {
      for (const auto& row : rows) users_[row.videoid];
    });
    for (const auto& [shard, videos] : popular_) users_.erase(shard);
  }

  void write_scores() {
    std::uint64_t done = 0;
    for (const auto& [video, users] : users_) {
      write_scores_of(video, scores_of(video, users));
      progress_("scores", ++done, users_.size());
    }
    for (auto& [shard, videos] : popular_) write_scores_of(shard, std::move(videos));
  }

  std::vector<Ranked> scores_of(const VideoId& video, const std::vector<UserId>& users) const {
    ById<VideoId, std::int64_t> sums;
    for (const UserId& user : users)
      for (const RecentLike& like : likes_.at(user))
        if (like.videoid != video) sums[like.videoid] += like.rating;
    std::vector<Ranked> scores;
    scores.reserve(sums.size());
    for (const auto& [other, score] : sums) scores.push_back({score, other});
    return scores;
  }

  void write_scores_of(const VideoId& video, std::vector<Ranked> scores) {
    ById<VideoId, std::int64_t> old;
    for (const Ranked& scored : all_scores(store_, video)) old.emplace(scored.video, scored.rank);
    for (const Ranked& scored : scores) {
      const auto known = old.find(scored.video);
      if (known == old.end() || known->second != scored.rank)
        writer_.batch().insert(suggestions_scores, {video, scored.video, scored.rank});
      old.erase(scored.video);
    }
    for (const auto& [other, score] : old)
      writer_.batch().remove(suggestions_scores, {video, other});

    const ScoreList list(std::move(scores));
    const auto row = run(store_.get({}, suggestions_related, {video}));
    if ((row ? ScoreList::decode(row->best) : ScoreList()) != list)
      put_list(writer_.batch(), video, list);
  }

  // Makes videos_by_tag what the videos say.
  void correct_tags() {
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

  void remove_false_tags(std::uint64_t total) {
    storage::scan_all(store_, videos_by_tag, [&](const std::vector<VideoByTag>& rows) {
      come_by("tags", 0, total);
      const auto found =
          run(store_.get_many({}, videos, std::views::transform(rows, &VideoByTag::videoid)));
      for (std::size_t i = 0; i < rows.size(); ++i)
        if (!found[i] || !found[i]->tags.contains(rows[i].tag))
          writer_.batch().remove(videos_by_tag, {rows[i].tag, rows[i].videoid});
    });
  }

  // From videos_by_tag, one by one: so what is indexed at the same time is in there, too.
  void make_tag_lists() {
    storage::scan_all(store_, suggestions_tags, [&](const std::vector<TaggedVideos>& rows) {
      for (const auto& row : rows) all_tags_.insert(row.tag);
    });
    std::uint64_t done = 0;
    for (const std::string& tag : all_tags_) {
      run(tags_.make_list({}, tag));
      progress_("lists of tags", ++done, all_tags_.size());
    }
  }

  storage::Store& store_;
  TagIndex& tags_;
  const bool shared_store_;
  storage::BulkWriter writer_;
  const ProgressListener& progress_;
  ById<UserId, std::vector<RecentLike>> likes_;  // of each user, most recent first
  ById<VideoId, std::vector<Ranked>> popular_;   // of each shard
  ById<VideoId, std::vector<UserId>> users_;     // among whose counted likes the video is
  std::set<std::string> all_tags_;
};

template <class Table>
bool is_empty(storage::Store& store, const Table& table) {
  return run(store.scan({}, table, {}, 1)).rows.empty();
}

}  // namespace

void rebuild_suggestions(storage::Store& store, TagIndex& tags, const RebuildOptions& options,
                         const ProgressListener& progress) {
  Rebuild(store, tags, options, progress).run_all();
}

bool rebuild_is_needed(storage::Store& store) {
  if (current_epoch(store)) return false;
  if (!is_empty(store, videos) || !is_empty(store, video_ratings_by_user) ||
      !is_empty(store, suggestions_likes))
    return true;
  begin_epoch(store);
  return false;
}

}  // namespace killrvideo
