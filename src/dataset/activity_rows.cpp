#include "comments/rules.hpp"
#include "comments/tables.hpp"
#include "common/required.hpp"
#include "dataset/rows.hpp"
#include "ratings/rules.hpp"
#include "ratings/tables.hpp"
#include "statistics/tables.hpp"

namespace killrvideo::dataset {
namespace {

CommentByVideo read_comment(const Fields& record) {
  CommentByVideo comment{};
  comment.videoid = record.id<VideoId>("videoid");
  comment.commentid = record.id<CommentId>("commentid");
  comment.userid = record.id<UserId>("userid");
  comment.comment = check_comment("comment", record.text("comment"));
  comment.sentiment_score = record.optional_float("sentiment_score");
  return comment;
}

class CommentRows : public RowsOf<read_comment> {
 public:
  explicit CommentRows(storage::Store& store)
      : by_video_(store, comments_by_video), by_user_(store, comments_by_user) {}

 private:
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

VideoRatingByUser read_user_rating(const Fields& record) {
  using Stars = std::numeric_limits<std::int32_t>;
  VideoRatingByUser rating{};
  rating.videoid = record.id<VideoId>("videoid");
  rating.userid = record.id<UserId>("userid");
  const auto stars = static_cast<std::int32_t>(record.number("rating", Stars::min(), Stars::max()));
  check_stars("rating", stars);
  rating.rating = stars;
  rating.rating_date = record.optional_time("rating_date");
  return rating;
}

VideoRating read_rating(const Fields& record) {
  return {record.id<VideoId>("videoid"),
          {record.number("rating_counter")},
          {record.number("rating_total")}};
}

VideoPlaybackStats read_playback(const Fields& record) {
  return {record.id<VideoId>("videoid"), {record.number("views")}};
}

}  // namespace

std::vector<File> activity_files() {
  const std::vector<std::string_view> comment{"videoid", "commentid", "userid", "comment"};
  const Layout by_video{&comments_by_video, {"sentiment_score"}, comment};
  const Layout by_user{&comments_by_user, {"sentiment_score"}, comment};
  return {
      {"comments.csv", by_video, make_rows<CommentRows>},
      {"comments_by_video.csv", by_video, make_rows<CommentRows>},
      {"comments_by_user.csv", by_user, make_rows<CommentRows>},
      {"video_ratings_by_user.csv",
       {&video_ratings_by_user, {"rating_date"}, {"videoid", "userid", "rating"}},
       make_rows<PlainRows<video_ratings_by_user, read_user_rating>>},
      {"video_ratings.csv",
       {&video_ratings, {}, {"videoid", "rating_counter", "rating_total"}},
       make_rows<PlainRows<video_ratings, read_rating>>},
      {"video_playback_stats.csv",
       {&video_playback_stats,
        {"total_play_time", "complete_views", "unique_viewers"},
        {"videoid", "views"}},
       make_rows<PlainRows<video_playback_stats, read_playback>>},
  };
}

}  // namespace killrvideo::dataset
