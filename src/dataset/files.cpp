#include "dataset/files.hpp"

#include "catalog/tables.hpp"
#include "comments/tables.hpp"
#include "dataset/rows.hpp"
#include "ratings/tables.hpp"
#include "statistics/tables.hpp"
#include "users/tables.hpp"

namespace killrvideo::dataset {
namespace {

using Names = std::vector<std::string_view>;

const Names comment_columns{"videoid", "commentid", "userid", "comment"};
const Names listing_columns{"added_date", "videoid", "userid", "name", "preview_image_location"};

// Users come before their credentials, so that an e-mail belongs to who has it there; videos before
// the listings, which they decide.
const File all_files[] = {
    {"users.csv",
     {&users, {"account_status", "last_login_date"}, {"userid", "firstname", "lastname", "email"}},
     user_rows},
    {"user_credentials.csv",
     {&user_credentials, {"account_locked"}, {"email", "password", "userid"}},
     credentials_rows},
    {"videos.csv",
     {&videos,
      {"content_rating", "category", "language", "content_features"},
      {"videoid", "userid", "name", "description", "location", "preview_image_location", "tags",
       "added_date"}},
     video_rows},
    {"latest_videos.csv",
     {&latest_videos, {"content_rating", "category"}, listing_columns, {"day"}},
     latest_video_rows},
    {"user_videos.csv", {&user_videos, {}, listing_columns}, user_video_rows},
    {"comments.csv", {&comments_by_video, {"sentiment_score"}, comment_columns}, comment_rows},
    {"comments_by_video.csv",
     {&comments_by_video, {"sentiment_score"}, comment_columns},
     comment_rows},
    {"comments_by_user.csv",
     {&comments_by_user, {"sentiment_score"}, comment_columns},
     comment_rows},
    {"video_ratings_by_user.csv",
     {&video_ratings_by_user, {"rating_date"}, {"videoid", "userid", "rating"}},
     user_rating_rows},
    {"video_ratings.csv",
     {&video_ratings, {}, {"videoid", "rating_counter", "rating_total"}},
     rating_rows},
    {"video_playback_stats.csv",
     {&video_playback_stats,
      {"total_play_time", "complete_views", "unique_viewers"},
      {"videoid", "views"}},
     playback_rows},
};

constexpr std::string_view all_ignored_files[] = {"tag_counts.csv", "tags_by_letter.csv",
                                                  "videos_by_tag.csv"};

}  // namespace

std::span<const File> files() { return all_files; }

std::span<const std::string_view> ignored_files() { return all_ignored_files; }

}  // namespace killrvideo::dataset
