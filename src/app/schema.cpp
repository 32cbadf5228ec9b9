#include "app/schema.hpp"

#include "catalog/tables.hpp"
#include "comments/tables.hpp"
#include "events/outbox.hpp"
#include "ratings/tables.hpp"
#include "statistics/tables.hpp"
#include "storage/claims.hpp"
#include "users/tables.hpp"

namespace killrvideo {

const storage::Schema& schema() {
  static const storage::Schema schema{
      .tables =
          {
              &users,
              &user_credentials,
              &videos,
              &user_videos,
              &latest_videos,
              &comments_by_video,
              &comments_by_user,
              &video_ratings,
              &video_ratings_by_user,
              &video_ratings_pending,
              &video_playback_stats,
              &outbox,
              &storage::claims,
          },
      .migrations = {},
  };
  return schema;
}

}  // namespace killrvideo
