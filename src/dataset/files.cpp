#include "dataset/files.hpp"

#include "catalog/tables.hpp"
#include "catalog/youtube.hpp"
#include "comments/tables.hpp"
#include "common/text.hpp"
#include "users/tables.hpp"

namespace killrvideo::dataset {
namespace {

constexpr std::int32_t least_stars = 1;
constexpr std::int32_t most_stars = 5;

void load_user(const Fields& record, Destination& destination) {
  User user{};
  user.userid = record.id<UserId>("userid");
  user.firstname = record.text("firstname");
  user.lastname = record.text("lastname");
  user.email = record.given_text("email");
  user.created_date = record.optional_time("created_date");
  user.account_status = record.optional_text("account_status");
  user.last_login_date = record.optional_time("last_login_date");
  destination.rows.batch().insert(users, user);
}

// Digests of other kinds than ours are kept as they are: they fit no password.
void load_credentials(const Fields& record, Destination& destination) {
  UserCredentials credentials{};
  credentials.email = fold_case(record.given_text("email"));
  credentials.password = record.given_text("password");
  credentials.userid = record.id<UserId>("userid");
  credentials.account_locked = record.optional_bool("account_locked");
  destination.rows.batch().insert(user_credentials, credentials);
}

// Implementations differ in what location_type means, so the location itself decides.
void load_video(const Fields& record, Destination& destination) {
  Video video{};
  video.videoid = record.id<VideoId>("videoid");
  video.userid = record.id<UserId>("userid");
  video.name = record.text("name");
  video.description = record.text("description");
  video.location = record.text("location");
  video.location_type = youtube_id(video.location) ? location_youtube : location_upload;
  video.preview_image_location = record.text("preview_image_location");
  video.tags = record.text_set("tags");
  video.added_date = record.time("added_date");
  video.content_rating = record.optional_text("content_rating");
  video.category = record.optional_text("category");
  video.language = record.optional_text("language");
  video.content_features = record.optional_vector<384>("content_features");
  insert_video(destination.rows.batch(), video);
}

void load_latest_video(const Fields& record, Destination& destination) {
  LatestVideo video{};
  video.added_date = record.time("added_date");
  video.yyyymmdd = day_of(video.added_date);
  video.videoid = record.id<VideoId>("videoid");
  video.userid = record.id<UserId>("userid");
  video.name = record.text("name");
  video.preview_image_location = record.text("preview_image_location");
  const auto day = record.optional_date("day");
  if (day && day_of(*day) != video.yyyymmdd) throw invalid("day", "is not that of added_date");
  destination.rows.batch().insert(latest_videos, video);
}

void load_user_video(const Fields& record, Destination& destination) {
  UserVideo video{};
  video.userid = record.id<UserId>("userid");
  video.added_date = record.time("added_date");
  video.videoid = record.id<VideoId>("videoid");
  video.name = record.text("name");
  video.preview_image_location = record.text("preview_image_location");
  destination.rows.batch().insert(user_videos, video);
}

void load_comment(const Fields& record, Destination& destination) {
  CommentByVideo comment{};
  comment.videoid = record.id<VideoId>("videoid");
  comment.commentid = record.id<CommentId>("commentid");
  comment.userid = record.id<UserId>("userid");
  comment.comment = record.text("comment");
  comment.sentiment_score = record.optional_float("sentiment_score");
  auto& batch = destination.rows.batch();
  batch.insert(comments_by_video, comment);
  batch.insert(comments_by_user, {comment.userid.value(), comment.commentid, comment.videoid,
                                  comment.comment, comment.sentiment_score});
}

void load_user_rating(const Fields& record, Destination& destination) {
  VideoRatingByUser rating{};
  rating.videoid = record.id<VideoId>("videoid");
  rating.userid = record.id<UserId>("userid");
  rating.rating = static_cast<std::int32_t>(record.number("rating", least_stars, most_stars));
  rating.rating_date = record.optional_time("rating_date");
  destination.rows.batch().insert(video_ratings_by_user, rating);
}

void load_rating(const Fields& record, Destination& destination) {
  const auto video = record.id<VideoId>("videoid");
  const storage::Counter count{record.number("rating_counter")};
  const storage::Counter total{record.number("rating_total")};
  destination.ratings.add({video, count, total});
}

void load_plays(const Fields& record, Destination& destination) {
  const auto video = record.id<VideoId>("videoid");
  const storage::Counter views{record.number("views")};
  destination.plays.add({video, views});
}

const std::vector<std::string_view> comment_columns{"videoid", "commentid", "userid", "comment"};

// The listings come before the videos, whose own words then stand in them.
const File all_files[] = {
    {"users.csv", {"userid", "firstname", "lastname", "email"}, load_user},
    {"user_credentials.csv", {"email", "password", "userid"}, load_credentials},
    {"latest_videos.csv",
     {"added_date", "videoid", "userid", "name", "preview_image_location"},
     load_latest_video},
    {"user_videos.csv",
     {"userid", "added_date", "videoid", "name", "preview_image_location"},
     load_user_video},
    {"videos.csv",
     {"videoid", "userid", "name", "description", "location", "preview_image_location", "tags",
      "added_date"},
     load_video},
    {"comments.csv", comment_columns, load_comment},
    {"comments_by_video.csv", comment_columns, load_comment},
    {"comments_by_user.csv", comment_columns, load_comment},
    {"video_ratings_by_user.csv", {"videoid", "userid", "rating"}, load_user_rating},
    {"video_ratings.csv", {"videoid", "rating_counter", "rating_total"}, load_rating},
    {"video_playback_stats.csv", {"videoid", "views"}, load_plays},
};

constexpr std::string_view all_ignored_files[] = {"tag_counts.csv", "tags_by_letter.csv",
                                                  "videos_by_tag.csv"};

}  // namespace

std::span<const File> files() { return all_files; }

std::span<const std::string_view> ignored_files() { return all_ignored_files; }

}  // namespace killrvideo::dataset
