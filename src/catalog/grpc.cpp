#include "catalog/grpc.hpp"

#include "transport/grpc/wire.hpp"
#include "video-catalog/video_catalog_service.pb.h"

namespace killrvideo {
namespace {

namespace pb = video_catalog;

template <class Request>
PageRequest<Catalog::Start> page_request(const Request& request) {
  PageRequest<Catalog::Start> page{request.page_size(), {}, request.paging_state()};
  bool has_video = !request.starting_video_id().value().empty();
  if (request.has_starting_added_date() != has_video)
    throw invalid(has_video ? "starting_added_date" : "starting_video_id",
                  "is required, as the other half of the starting point is given");
  if (has_video)
    page.start = {read_timestamp("starting_added_date", request.starting_added_date()),
                  read_id<VideoId>("starting_video_id", request.starting_video_id())};
  return page;
}

Task<void> submit_youtube_video(Catalog& catalog, const Context& context,
                                const pb::SubmitYouTubeVideoRequest& request,
                                pb::SubmitYouTubeVideoResponse&) {
  NewYouTubeVideo video{read_id<VideoId>("video_id", request.video_id()),
                        read_id<UserId>("user_id", request.user_id()),
                        request.name(),
                        request.description(),
                        {request.tags().begin(), request.tags().end()},
                        request.you_tube_video_id()};
  co_await catalog.submit(context, std::move(video));
}

Task<void> get_video(Catalog& catalog, const Context& context, const pb::GetVideoRequest& request,
                     pb::GetVideoResponse& response) {
  auto id = read_id<VideoId>("video_id", request.video_id());
  Video video = co_await catalog.video(context, id);
  write_id(video.videoid, response.mutable_video_id());
  if (video.userid) write_id(*video.userid, response.mutable_user_id());
  response.set_name(std::move(video.name));
  response.set_description(std::move(video.description));
  response.set_location(std::move(video.location));
  response.set_location_type(static_cast<pb::VideoLocationType>(video.location_type));
  for (const std::string& tag : video.tags) response.add_tags(tag);
  if (video.added_date) write_timestamp(*video.added_date, response.mutable_added_date());
}

Task<void> get_video_previews(Catalog& catalog, const Context& context,
                              const pb::GetVideoPreviewsRequest& request,
                              pb::GetVideoPreviewsResponse& response) {
  auto ids = read_ids<VideoId>("video_ids", request.video_ids());
  auto previews = co_await catalog.previews(context, std::move(ids));
  for (Video& video : previews) write_preview(video, video.userid, response.add_video_previews());
}

Task<void> get_latest_video_previews(Catalog& catalog, const Context& context,
                                     const pb::GetLatestVideoPreviewsRequest& request,
                                     pb::GetLatestVideoPreviewsResponse& response) {
  auto page = co_await catalog.latest(context, page_request(request));
  for (LatestVideo& video : page.rows)
    write_preview(video, video.userid, response.add_video_previews());
  response.set_paging_state(page.paging_state);
}

Task<void> get_user_video_previews(Catalog& catalog, const Context& context,
                                   const pb::GetUserVideoPreviewsRequest& request,
                                   pb::GetUserVideoPreviewsResponse& response) {
  auto user = read_id<UserId>("user_id", request.user_id());
  auto page = co_await catalog.of_user(context, user, page_request(request));
  write_id(user, response.mutable_user_id());
  for (UserVideo& video : page.rows) write_preview(video, user, response.add_video_previews());
  response.set_paging_state(page.paging_state);
}

}  // namespace

// SubmitUploadedVideo comes with uploads; until then it is not registered.
std::unique_ptr<RpcService> make_catalog_rpc(Catalog& catalog, RpcHost& host) {
  auto rpc = std::make_unique<RpcService>("killrvideo.video_catalog.VideoCatalogService", host);
  rpc->add("SubmitYouTubeVideo", catalog, submit_youtube_video);
  rpc->add("GetVideo", catalog, get_video);
  rpc->add("GetVideoPreviews", catalog, get_video_previews);
  rpc->add("GetLatestVideoPreviews", catalog, get_latest_video_previews);
  rpc->add("GetUserVideoPreviews", catalog, get_user_video_previews);
  return rpc;
}

}  // namespace killrvideo
