#include "app/event_handlers.hpp"

#include "app/application.hpp"
#include "app/config.hpp"
#include "catalog/visibility.hpp"
#include "comments/comments_events.pb.h"
#include "common/protobuf.hpp"
#include "events/types.hpp"
#include "ratings/ratings_events.pb.h"
#include "recommender/recommender_events.pb.h"
#include "uploads/uploads_events.pb.h"
#include "user-management/user_management_events.pb.h"
#include "video-catalog/video_catalog_events.pb.h"

namespace killrvideo {

using comments::events::UserCommentedOnVideo;
using ratings::events::UserRatedVideo;
using recommender::events::RatingToCount;
using recommender::events::ScoresChanged;
using uploads::events::UploadedVideoProcessingFailed;
using uploads::events::UploadedVideoProcessingStarted;
using uploads::events::UploadedVideoProcessingSucceeded;
using uploads::events::UploadedVideoPublished;
using user_management::events::UserCreated;
using video_catalog::events::UploadedVideoAccepted;
using video_catalog::events::UploadedVideoAdded;
using video_catalog::events::YouTubeVideoAdded;

namespace {

void count_here(EventHandlers& handlers, Recommender& recommender) {
  handlers.on<UserRatedVideo>("recommender",
                              [&](const Context& context, const UserRatedVideo& event) {
                                return recommender.rated(context, id_in<VideoId>(event.video_id()),
                                                         id_in<UserId>(event.user_id()));
                              });
  // What processes that share the work tell each other.
  handlers.on_nobody<RatingToCount, ScoresChanged>();
}

void count_by_partitions(EventHandlers& handlers, SharedRecommender& recommender) {
  const auto pass_on = [&](const Context& context, const UserRatedVideo& event) {
    return recommender.rated(context, id_in<VideoId>(event.video_id()),
                             id_in<UserId>(event.user_id()));
  };
  handlers.on<UserRatedVideo>("recommender", pass_on).in_parallel("recommender");

  // What is passed on comes once: nothing would make up for a dead letter.
  const EventSharing sharing{.may_run = [&] { return recommender.may_work(); },
                             .unlimited_tries = true};
  const auto count = [&](const Context& context, const RatingToCount& rating) {
    return recommender.count(context, rating);
  };
  handlers.on<RatingToCount>("recommender-likes", count).in_parallel("recommender-likes", sharing);
  const auto change = [&](const Context& context, const ScoresChanged& changed) {
    return recommender.change(context, changed);
  };
  handlers.on<ScoresChanged>("recommender-scores", change)
      .in_parallel("recommender-scores", sharing);
}

bool index_hears_of_events(const Config& config) {
  return !config.search.is_embedded() ||
         (config.store == StoreEngine::rocksdb && config.services.contains(Service::search));
}

}  // namespace

Counting counting(const Config& config) {
  return config.kafka.enabled() && config.store == StoreEngine::cassandra
             ? Counting::by_partitions
             : Counting::in_one_process;
}

EventHandlers event_handlers(storage::Store& store, Services& services,
                             SharedRecommender* shared_recommender, const Config& config) {
  EventHandlers handlers;
  handlers.on_nobody<UserCreated, UserCommentedOnVideo, UploadedVideoAccepted,
                     UploadedVideoProcessingStarted, UploadedVideoProcessingSucceeded,
                     UploadedVideoProcessingFailed, UploadedVideoPublished>();

  if (shared_recommender) {
    count_by_partitions(handlers, *shared_recommender);
  } else {
    count_here(handlers, services.recommender);
  }

  // Elsewhere a batch is there as a whole.
  const bool rows_may_be_late = config.store == StoreEngine::cassandra;
  const auto video_of = [&store, rows_may_be_late](const Context& context,
                                                   const auto& event) -> Task<VideoId> {
    const auto id = id_in<VideoId>(event.video_id());
    const Timestamp added{std::chrono::seconds(event.added_date().seconds())};
    if (rows_may_be_late) co_await require_visible(store, context, id, added);
    co_return id;
  };

  const auto index_tags = [&services, video_of](const Context& context,
                                                const auto& event) -> Task<void> {
    co_await services.tag_index.index(context, co_await video_of(context, event));
  };
  handlers.on<YouTubeVideoAdded>("tags", index_tags);
  handlers.on<UploadedVideoAdded>("tags", index_tags);

  if (index_hears_of_events(config)) {
    const auto index = [&services, video_of](const Context& context,
                                             const auto& event) -> Task<void> {
      co_await services.indexer.refresh(context, co_await video_of(context, event));
    };
    handlers.on<YouTubeVideoAdded>("search", index);
    handlers.on<UploadedVideoAdded>("search", index);
    if (!config.search.is_embedded()) handlers.in_parallel("search");
  }
  handlers.require(event_types());
  return handlers;
}

}  // namespace killrvideo
