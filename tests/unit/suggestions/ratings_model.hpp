// Ratings, and a brute-force computation of the scores over all of them, straight from their
// definition.
#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "ratings/tables.hpp"
#include "storage/temporary_store.hpp"
#include "suggestions/likes.hpp"
#include "suggestions/recommender.hpp"

namespace killrvideo {

template <class Id>
Id id_number(int number) {
  Id id;
  id.bytes[6] = 0x40;
  id.bytes[8] = 0x80;
  id.bytes[14] = static_cast<std::uint8_t>(number >> 8);
  id.bytes[15] = static_cast<std::uint8_t>(number);
  return id;
}
inline VideoId video(int number) { return id_number<VideoId>(number + 1); }
inline UserId user(int number) { return id_number<UserId>(number); }

/// Ratings as the service of ratings writes them, each a millisecond after the one before.
class World {
 public:
  explicit World(storage::Store& store) : store_(store) {}

  void rate(int video_number, int user_number, int stars) {
    write({video(video_number), user(user_number), stars,
           Timestamp{std::chrono::milliseconds(++clock_)}});
  }
  void write(const VideoRatingByUser& rating) {
    run(store_.commit({}, storage::Batch().insert(video_ratings_by_user, rating)));
  }
  void unrate(int video_number, int user_number) {
    run(store_.commit({}, storage::Batch().remove(video_ratings_by_user,
                                                  {video(video_number), user(user_number)})));
  }

 private:
  storage::Store& store_;
  std::int64_t clock_ = 0;
};

using Scores = std::map<std::pair<std::string, std::string>, std::int64_t>;

inline std::vector<VideoRatingByUser> all_ratings(storage::Store& store) {
  return run(store.scan({}, video_ratings_by_user, {}, 1'000'000)).rows;
}

inline Scores scores_by_definition(const std::vector<VideoRatingByUser>& ratings) {
  std::map<std::string, std::vector<VideoRatingByUser>> likes;
  Scores scores;
  for (const auto& rating : ratings) {
    if (rating.rating.value_or(0) < 3) continue;
    likes[rating.userid.to_string()].push_back(rating);
    scores[{popularity_shard(rating.videoid).to_string(), rating.videoid.to_string()}] +=
        *rating.rating;
  }
  for (auto& [user, liked] : likes) {
    // The 50 most recent; the ids here are of one version, so that they sort by their bytes.
    std::ranges::sort(liked, [](const auto& a, const auto& b) {
      const auto date = [](const auto& rating) { return rating.rating_date.value_or(Timestamp{}); };
      if (date(a) != date(b)) return date(a) > date(b);
      return a.videoid.bytes < b.videoid.bytes;
    });
    if (liked.size() > 50) liked.resize(50);
    for (const auto& v : liked)
      for (const auto& w : liked)
        if (v.videoid != w.videoid)
          scores[{v.videoid.to_string(), w.videoid.to_string()}] += *w.rating;
  }
  return scores;
}

inline Scores stored_scores(storage::Store& store) {
  Scores scores;
  for (const auto& row : run(store.scan({}, suggestions_scores, {}, 1'000'000)).rows)
    scores[{row.videoid.to_string(), row.otherid.to_string()}] = row.score;
  return scores;
}

/// Whether each list begins with the best of the scores, and nothing else has a list.
inline bool lists_are_right(storage::Store& store, const Scores& scores) {
  std::map<std::string, std::vector<Ranked>> by_video;
  for (const auto& [pair, score] : scores)
    by_video[pair.first].push_back({score, VideoId(*Uuid::parse(pair.second))});
  std::size_t lists = 0;
  for (const auto& row : run(store.scan({}, suggestions_related, {}, 1'000'000)).rows) {
    auto& all = by_video[row.videoid.to_string()];
    std::ranges::sort(all, ranks_before);
    const auto list = ScoreList::decode(row.best);
    const auto count = std::min(all.size(), least_scores);
    if (list.entries().size() < count ||
        !std::ranges::equal(list.entries().first(count), std::span(all).first(count)) ||
        (all.size() <= least_scores && list.entries().size() != all.size()))
      return false;
    if (!all.empty()) ++lists;
  }
  return lists == static_cast<std::size_t>(std::ranges::count_if(
                      by_video, [](const auto& entry) { return !entry.second.empty(); }));
}

/// How deltas come from the user's step to the video's.
enum class DeltaPath { one_batch, direct, published };

/// A Recommender whose deltas come this way. Published messages are handled at once, by itself.
class TestRecommender {
 public:
  TestRecommender(storage::Store& store, DeltaPath path)
      : recommender_(store, {.batches_appear_whole = path == DeltaPath::one_batch,
                             .publish = path == DeltaPath::published ? handler() : nullptr}) {}

  Recommender* operator->() { return &recommender_; }

 private:
  Recommender::Publish handler() {
    return [this](const Context& context, const Uuid& key,
                  const google::protobuf::Message& message) -> Task<void> {
      using namespace recommender::events;
      if (const auto* rating = dynamic_cast<const RatingToCount*>(&message)) {
        expect(key == Uuid::from(rating->user_id()));
        co_await recommender_.count(context, *rating);
      } else {
        const auto& changed = dynamic_cast<const ScoresChanged&>(message);
        expect(key == Uuid::from(changed.video_id()));
        co_await recommender_.add(context, changed);
      }
    };
  }

  static void expect(bool right_key) {
    if (!right_key) throw Error(Code::internal, "published with another key");
  }

  Recommender recommender_;
};

}  // namespace killrvideo
