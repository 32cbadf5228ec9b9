#include "app/event_handlers.hpp"

#include "app/application.hpp"
#include "app/config.hpp"
#include "common/protobuf.hpp"
#include "ratings/ratings_events.pb.h"
#include "video-catalog/video_catalog_events.pb.h"

namespace killrvideo {

using ratings::events::UserRatedVideo;
using video_catalog::events::UploadedVideoAdded;
using video_catalog::events::YouTubeVideoAdded;

EventHandlers event_handlers(Services& services, const Config& config) {
  EventHandlers handlers;

  const auto count_rating = [&](const Context& context, const UserRatedVideo& event) {
    return services.recommender.rated(context, id_in<VideoId>(event.video_id()),
                                      id_in<UserId>(event.user_id()));
  };
  handlers.on<UserRatedVideo>("recommender", count_rating);

  const auto index_tags = [&](const Context& context, const auto& event) {
    return services.tag_index.index(context, id_in<VideoId>(event.video_id()));
  };
  handlers.on<YouTubeVideoAdded>("tags", index_tags);
  handlers.on<UploadedVideoAdded>("tags", index_tags);

  const bool embedded = config.search.is_embedded();
  if (embedded &&
      (config.store == StoreEngine::cassandra || !config.services.contains(Service::search)))
    return handlers;
  const auto index = [&](const Context& context, const auto& event) {
    return services.indexer.refresh(context, id_in<VideoId>(event.video_id()));
  };
  handlers.on<YouTubeVideoAdded>("search", index);
  handlers.on<UploadedVideoAdded>("search", index);
  if (!embedded) handlers.in_parallel("search");
  return handlers;
}

}  // namespace killrvideo
