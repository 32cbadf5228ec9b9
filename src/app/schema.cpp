#include "app/schema.hpp"

#include "catalog/latest_days.hpp"
#include "comments/tables.hpp"
#include "events/dead_letters.hpp"
#include "ratings/tables.hpp"
#include "search/tables.hpp"
#include "statistics/tables.hpp"
#include "storage/claims.hpp"
#include "storage/lease.hpp"
#include "suggestions/rebuild_epoch.hpp"
#include "suggestions/tables.hpp"
#include "tags/tables.hpp"
#include "users/tables.hpp"

namespace killrvideo {
namespace {

Task<void> find_queue_positions(storage::Store& store) {
  co_await storage::find_positions(store, outbox_events);
  co_await storage::find_positions(store, ratings_pending);
}

}  // namespace

const storage::Schema& schema() {
  static const storage::Schema schema{
      .tables =
          {
              &users,
              &user_credentials,
              &videos,
              &user_videos,
              &latest_videos,
              &latest_days,
              &comments_by_video,
              &comments_by_user,
              &video_ratings,
              &video_ratings_by_user,
              &ratings_pending,
              &video_playback_stats,
              &outbox_events,
              &storage::queue_positions,
              &outbox_dead_letters,
              &videos_by_tag,
              &suggestions_epoch,
              &suggestions_likes,
              &suggestions_recent_likes,
              &suggestions_scores,
              &suggestions_related,
              &suggestions_deltas,
              &suggestions_applied_deltas,
              &suggestions_tags,
              &search_active_indexes,
              &search_retry_queue,
              &storage::claims,
              &storage::leases,
          },
      .migrations = {{2, "lists of the newest videos with a tag", ask_for_rebuild},
                     {3, "popularity in shards, one format of lists", ask_for_rebuild},
                     {4, "days of the latest videos", list_all_days},
                     {5, "positions of all queues in one table", find_queue_positions}},
      .vector_indices = {{&videos, "content_features"}},
  };
  return schema;
}

}  // namespace killrvideo
