#include "suggestions/grpc.hpp"

#include "catalog/grpc.hpp"
#include "suggested-videos/suggested_videos_service.pb.h"
#include "transport/grpc/wire.hpp"

namespace killrvideo {
namespace {

namespace pb = suggested_videos;

Task<void> get_related_videos(Suggestions& suggestions, const Context& context,
                              const pb::GetRelatedVideosRequest& request,
                              pb::GetRelatedVideosResponse& response) {
  auto video = read_id<VideoId>("video_id", request.video_id());
  auto page =
      co_await suggestions.related(context, video, request.page_size(), request.paging_state());
  write_id(video, response.mutable_video_id());
  write_page(std::move(page), response);
}

Task<void> get_suggested_for_user(Suggestions& suggestions, const Context& context,
                                  const pb::GetSuggestedForUserRequest& request,
                                  pb::GetSuggestedForUserResponse& response) {
  auto user = read_id<UserId>("user_id", request.user_id());
  auto page =
      co_await suggestions.for_user(context, user, request.page_size(), request.paging_state());
  write_id(user, response.mutable_user_id());
  write_page(std::move(page), response);
}

}  // namespace

std::unique_ptr<RpcService> make_suggestions_rpc(Suggestions& suggestions, RpcHost& host) {
  auto rpc =
      std::make_unique<RpcService>("killrvideo.suggested_videos.SuggestedVideoService", host);
  rpc->add("GetRelatedVideos", suggestions, get_related_videos);
  rpc->add("GetSuggestedForUser", suggestions, get_suggested_for_user);
  return rpc;
}

}  // namespace killrvideo
