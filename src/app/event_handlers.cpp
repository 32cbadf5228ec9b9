#include "app/event_handlers.hpp"

#include "app/topology.hpp"
#include "catalog/visibility.hpp"
#include "comments/comments_events.pb.h"
#include "common/protobuf.hpp"
#include "events/types.hpp"
#include "ratings/ratings_events.pb.h"
#include "recommender/recommender_events.pb.h"
#include "search/index_updater.hpp"
#include "suggestions/recommender.hpp"
#include "tags/tag_index.hpp"
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

void keep_scores(EventHandlers& handlers, Recommender& recommender) {
  handlers.on<UserRatedVideo>("recommender",
                              [&](const Context& context, const UserRatedVideo& event) {
                                return recommender.rated(context, id_in<VideoId>(event.video_id()),
                                                         id_in<UserId>(event.user_id()));
                              });
  if (!recommender.is_shared()) {
    handlers.on_nobody<RatingToCount, ScoresChanged>();
    return;
  }
  handlers.in_parallel("recommender");
  // These are published once: nothing would make up for a dead letter.
  const EventSharing sharing{.may_run = [&] { return recommender.may_run(); },
                             .unlimited_tries = true};
  const auto count = [&](const Context& context, const RatingToCount& rating) {
    return recommender.count(context, rating);
  };
  handlers.on<RatingToCount>("recommender-likes", count).in_parallel("recommender-likes", sharing);
  const auto add = [&](const Context& context, const ScoresChanged& message) {
    return recommender.add(context, message);
  };
  handlers.on<ScoresChanged>("recommender-scores", add).in_parallel("recommender-scores", sharing);
}

}  // namespace

EventHandlers event_handlers(storage::Store& store, const EventConsumers& consumers,
                             const Topology& topology) {
  EventHandlers handlers;
  handlers.on_nobody<UserCreated, UserCommentedOnVideo, UploadedVideoAccepted,
                     UploadedVideoProcessingStarted, UploadedVideoProcessingSucceeded,
                     UploadedVideoProcessingFailed, UploadedVideoPublished>();

  keep_scores(handlers, *consumers.recommender);

  const bool rows_may_be_late = !topology.batches_appear_whole;
  const auto video_of = [&store, rows_may_be_late](const Context& context,
                                                   const auto& event) -> Task<VideoId> {
    const auto id = id_in<VideoId>(event.video_id());
    const Timestamp added{std::chrono::seconds(event.added_date().seconds())};
    if (rows_may_be_late) co_await require_visible(store, context, id, added);
    co_return id;
  };

  const auto index_tags = [&tags = *consumers.tag_index, video_of](
                              const Context& context, const auto& event) -> Task<void> {
    co_await tags.index(context, co_await video_of(context, event));
  };
  handlers.on<YouTubeVideoAdded>("tags", index_tags);
  handlers.on<UploadedVideoAdded>("tags", index_tags);

  if (topology.index_hears_of_events()) {
    const auto index = [&updater = *consumers.index_updater, video_of](
                           const Context& context, const auto& event) -> Task<void> {
      co_await updater.refresh(context, co_await video_of(context, event));
    };
    handlers.on<YouTubeVideoAdded>("search", index);
    handlers.on<UploadedVideoAdded>("search", index);
    if (topology.index_is_shared) handlers.in_parallel("search");
  }
  handlers.require(event_types());
  return handlers;
}

}  // namespace killrvideo
