#include "comments/rules.hpp"
#include "comments/tables.hpp"
#include "common/required.hpp"
#include "dataset/rows.hpp"
#include "ratings/rules.hpp"
#include "ratings/tables.hpp"
#include "statistics/tables.hpp"

namespace killrvideo::dataset {
namespace {

class CommentRows : public RowsOf<CommentByVideo> {
 public:
  CommentRows(storage::Store& store, std::size_t in_flight)
      : RowsOf(store, in_flight),
        by_video_(store, comments_by_video),
        by_user_(store, comments_by_user) {}

 private:
  CommentByVideo read(const Fields& record) const override {
    CommentByVideo comment{};
    comment.videoid = record.id<VideoId>("videoid");
    comment.commentid = record.id<CommentId>("commentid");
    comment.userid = record.id<UserId>("userid");
    comment.comment = check_comment("comment", record.text("comment"));
    comment.sentiment_score = record.optional_float("sentiment_score");
    return comment;
  }

  void look_up(std::span<const CommentByVideo> rows) override {
    by_video_.read(
        keys_of(rows, [](const auto& row) { return std::tuple(row.videoid, row.commentid); }));
    by_user_.read(keys_of(
        rows, [](const auto& row) { return std::tuple(required(row.userid), row.commentid); }));
  }

  // A comment that comes with another user or video leaves the listing of the old one.
  bool put(const CommentByVideo& comment) override {
    const auto& [video, id, author, text, score] = comment;
    const UserId user = required(author);
    const auto* old = by_video_.find({video, id});
    if (old && old->userid && old->userid != user) by_user_.remove({*old->userid, id});
    const auto* of_user = by_user_.find({user, id});
    if (of_user && of_user->videoid && of_user->videoid != video)
      by_video_.remove({*of_user->videoid, id});
    const bool changed = by_video_.put(comment);
    return by_user_.put({user, id, video, text, score}) || changed;
  }

  void write_to(storage::BulkWriter& writer) override {
    by_video_.write(writer);
    by_user_.write(writer);
  }

  storage::RowEdits<std::remove_const_t<decltype(comments_by_video)>> by_video_;
  storage::RowEdits<std::remove_const_t<decltype(comments_by_user)>> by_user_;
};

class UserRatingRows : public PlainRows<std::remove_const_t<decltype(video_ratings_by_user)>> {
 public:
  UserRatingRows(storage::Store& store, std::size_t in_flight)
      : PlainRows(store, in_flight, video_ratings_by_user) {}

 private:
  VideoRatingByUser read(const Fields& record) const override {
    using Stars = std::numeric_limits<std::int32_t>;
    VideoRatingByUser rating{};
    rating.videoid = record.id<VideoId>("videoid");
    rating.userid = record.id<UserId>("userid");
    const auto stars =
        static_cast<std::int32_t>(record.number("rating", Stars::min(), Stars::max()));
    check_stars("rating", stars);
    rating.rating = stars;
    rating.rating_date = record.optional_time("rating_date");
    return rating;
  }
};

class RatingRows : public PlainRows<std::remove_const_t<decltype(video_ratings)>> {
 public:
  RatingRows(storage::Store& store, std::size_t in_flight)
      : PlainRows(store, in_flight, video_ratings) {}

 private:
  VideoRating read(const Fields& record) const override {
    return {record.id<VideoId>("videoid"),
            {record.number("rating_counter")},
            {record.number("rating_total")}};
  }
};

class PlaybackRows : public PlainRows<std::remove_const_t<decltype(video_playback_stats)>> {
 public:
  PlaybackRows(storage::Store& store, std::size_t in_flight)
      : PlainRows(store, in_flight, video_playback_stats) {}

 private:
  VideoPlaybackStats read(const Fields& record) const override {
    return {record.id<VideoId>("videoid"), {record.number("views")}};
  }
};

}  // namespace

std::unique_ptr<FileRows> comment_rows(storage::Store& store, std::size_t in_flight) {
  return std::make_unique<CommentRows>(store, in_flight);
}

std::unique_ptr<FileRows> user_rating_rows(storage::Store& store, std::size_t in_flight) {
  return std::make_unique<UserRatingRows>(store, in_flight);
}

std::unique_ptr<FileRows> rating_rows(storage::Store& store, std::size_t in_flight) {
  return std::make_unique<RatingRows>(store, in_flight);
}

std::unique_ptr<FileRows> playback_rows(storage::Store& store, std::size_t in_flight) {
  return std::make_unique<PlaybackRows>(store, in_flight);
}

}  // namespace killrvideo::dataset
