#include "generate/fill.hpp"

#include <limits>

#include "common/required.hpp"
#include "statistics/tables.hpp"
#include "storage/row_edits.hpp"

namespace killrvideo::generate {
namespace {

void fill_users(storage::BulkWriter& writer, const World& world, const ProgressListener& progress) {
  const auto total = world.sizes().users;
  for (std::uint64_t i = 0; i < total; ++i) {
    auto& batch = writer.batch();
    batch.insert(user_credentials, world.credentials(i));
    batch.insert(users, world.user(i));
    progress("users", i, total);
  }
  writer.flush();
  progress("users", total, total);
}

void fill_videos(storage::BulkWriter& writer, const World& world,
                 const ProgressListener& progress) {
  const auto total = world.sizes().videos;
  for (std::uint64_t i = 0; i < total; ++i) {
    insert_video(writer.batch(), world.video(i));
    progress("videos", i, total);
  }
  writer.flush();
  progress("videos", total, total);
}

void fill_comments(storage::BulkWriter& writer, const World& world,
                   const ProgressListener& progress) {
  const auto total = world.sizes().comments;
  const auto counts = world.counts(total, std::numeric_limits<std::uint64_t>::max());
  std::uint64_t done = 0;
  for (std::uint64_t video = 0; video < counts.size(); ++video) {
    world.comments(video, counts[video], [&](const CommentByVideo& comment) {
      auto& batch = writer.batch();
      batch.insert(comments_by_video, comment);
      batch.insert(comments_by_user, {required(comment.userid), comment.commentid, comment.videoid,
                                      comment.comment, comment.sentiment_score});
      progress("comments", done++, total);
    });
  }
  writer.flush();
  progress("comments", total, total);
}

void fill_ratings(storage::Store& store, storage::BulkWriter& writer, const World& world,
                  const ProgressListener& progress) {
  const auto total = world.sizes().ratings;
  const auto counts = world.counts(total, world.sizes().users);
  storage::TotalsWriter totals(store, video_ratings);
  std::uint64_t done = 0;
  for (std::uint64_t video = 0; video < counts.size(); ++video) {
    if (counts[video] == 0) continue;
    VideoRating sums{world.video_id(video), {}, {}};
    for (const auto& rating : world.ratings(video, counts[video])) {
      writer.batch().insert(video_ratings_by_user, rating);
      ++sums.rating_counter.value;
      sums.rating_total.value += rating.rating.value_or(0);
    }
    totals.add(sums);
    progress("ratings", done += counts[video], total);
  }
  writer.flush();
  totals.flush();
  progress("ratings", total, total);
}

void fill_plays(storage::Store& store, const World& world, const ProgressListener& progress) {
  const auto total = world.sizes().plays;
  const auto counts = world.counts(total, std::numeric_limits<std::uint64_t>::max());
  storage::TotalsWriter totals(store, video_playback_stats);
  std::uint64_t done = 0;
  for (std::uint64_t video = 0; video < counts.size(); ++video) {
    if (counts[video] == 0) continue;
    totals.add({world.video_id(video), {static_cast<std::int64_t>(counts[video])}});
    progress("plays", done += counts[video], total);
  }
  totals.flush();
  progress("plays", total, total);
}

}  // namespace

void fill(storage::Store& store, const World& world, std::size_t in_flight,
          const ProgressListener& progress) {
  storage::BulkWriter writer(store, in_flight);
  fill_users(writer, world, progress);
  fill_videos(writer, world, progress);
  fill_comments(writer, world, progress);
  fill_ratings(store, writer, world, progress);
  fill_plays(store, world, progress);
}

}  // namespace killrvideo::generate
