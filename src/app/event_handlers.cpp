#include "app/event_handlers.hpp"

#include "app/application.hpp"
#include "app/config.hpp"
#include "catalog/late_rows.hpp"
#include "common/protobuf.hpp"
#include "ratings/ratings_events.pb.h"
#include "recommender/recommender_events.pb.h"
#include "video-catalog/video_catalog_events.pb.h"

namespace killrvideo {

using ratings::events::UserRatedVideo;
using recommender::events::RatingToCount;
using recommender::events::ScoresChanged;
using video_catalog::events::UploadedVideoAdded;
using video_catalog::events::YouTubeVideoAdded;

namespace {

void count_here(EventHandlers& handlers, Recommender& recommender) {
  handlers.on<UserRatedVideo>("recommender",
                              [&](const Context& context, const UserRatedVideo& event) {
                                return recommender.rated(context, id_in<VideoId>(event.video_id()),
                                                         id_in<UserId>(event.user_id()));
                              });
}

void count_by_partitions(EventHandlers& handlers, SharedRecommender& recommender) {
  const auto pass_on = [&](const Context& context, const UserRatedVideo& event) {
    return recommender.rated(context, id_in<VideoId>(event.video_id()),
                             id_in<UserId>(event.user_id()));
  };
  handlers.on<UserRatedVideo>("recommender", pass_on).in_parallel("recommender");

  // What is passed on comes once: nothing would make up for a dead letter.
  const EventSharing sharing{.may_run = [&] { return recommender.may_work(); }, .for_ever = true};
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

}  // namespace

Counting counting(const Config& config) {
  return config.kafka.enabled() && config.store == StoreEngine::cassandra
             ? Counting::by_partitions
             : Counting::in_one_process;
}

EventHandlers event_handlers(storage::Store& store, Services& services,
                             SharedRecommender* shared_recommender, const Config& config) {
  EventHandlers handlers;

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
    if (rows_may_be_late) co_await require_row(store, context, id, added);
    co_return id;
  };

  const auto index_tags = [&services, video_of](const Context& context,
                                                const auto& event) -> Task<void> {
    co_await services.tag_index.index(context, co_await video_of(context, event));
  };
  handlers.on<YouTubeVideoAdded>("tags", index_tags);
  handlers.on<UploadedVideoAdded>("tags", index_tags);

  const bool embedded = config.search.is_embedded();
  if (embedded &&
      (config.store == StoreEngine::cassandra || !config.services.contains(Service::search)))
    return handlers;
  const auto index = [&services, video_of](const Context& context,
                                           const auto& event) -> Task<void> {
    co_await services.indexer.refresh(context, co_await video_of(context, event));
  };
  handlers.on<YouTubeVideoAdded>("search", index);
  handlers.on<UploadedVideoAdded>("search", index);
  if (!embedded) handlers.in_parallel("search");
  return handlers;
}

}  // namespace killrvideo
