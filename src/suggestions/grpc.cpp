#include "suggestions/grpc.hpp"

#include "catalog/grpc.hpp"
#include "suggested-videos/suggested_videos_service.pb.h"
#include "transport/grpc/wire.hpp"

namespace killrvideo {
namespace {

namespace pb = suggested_videos;

class SuggestionsRpc : public RpcService {
 public:
  SuggestionsRpc(Suggestions& suggestions, RpcHost& host)
      : RpcService("killrvideo.suggested_videos.SuggestedVideoService", host),
        suggestions_(suggestions) {
    rpc("GetRelatedVideos", &SuggestionsRpc::get_related_videos);
    rpc("GetSuggestedForUser", &SuggestionsRpc::get_suggested_for_user);
  }

 private:
  Task<void> get_related_videos(const Context& context, const pb::GetRelatedVideosRequest& request,
                                pb::GetRelatedVideosResponse& response) {
    auto video = read_id<VideoId>("video_id", request.video_id());
    auto page =
        co_await suggestions_.related(context, video, request.page_size(), request.paging_state());
    write_id(video, response.mutable_video_id());
    write_page(std::move(page), response);
  }

  Task<void> get_suggested_for_user(const Context& context,
                                    const pb::GetSuggestedForUserRequest& request,
                                    pb::GetSuggestedForUserResponse& response) {
    auto user = read_id<UserId>("user_id", request.user_id());
    auto page =
        co_await suggestions_.for_user(context, user, request.page_size(), request.paging_state());
    write_id(user, response.mutable_user_id());
    write_page(std::move(page), response);
  }

  Suggestions& suggestions_;
};

}  // namespace

std::unique_ptr<RpcService> make_suggestions_rpc(Suggestions& suggestions, RpcHost& host) {
  return std::make_unique<SuggestionsRpc>(suggestions, host);
}

}  // namespace killrvideo
