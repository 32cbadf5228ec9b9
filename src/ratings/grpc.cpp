#include "ratings/grpc.hpp"

#include "ratings/ratings_service.pb.h"
#include "transport/grpc/wire.hpp"

namespace killrvideo {
namespace {

namespace pb = ratings;

Task<void> rate_video(Ratings& ratings, const Context& context, const pb::RateVideoRequest& request,
                      pb::RateVideoResponse&) {
  auto video = read_id<VideoId>("video_id", request.video_id());
  auto user = read_id<UserId>("user_id", request.user_id());
  co_await ratings.rate(context, video, user, request.rating());
}

Task<void> get_rating(Ratings& ratings, const Context& context, const pb::GetRatingRequest& request,
                      pb::GetRatingResponse& response) {
  auto video = read_id<VideoId>("video_id", request.video_id());
  VideoRating rating = co_await ratings.rating(context, video);
  write_id(video, response.mutable_video_id());
  response.set_ratings_count(rating.rating_counter.value);
  response.set_ratings_total(rating.rating_total.value);
}

Task<void> get_user_rating(Ratings& ratings, const Context& context,
                           const pb::GetUserRatingRequest& request,
                           pb::GetUserRatingResponse& response) {
  auto video = read_id<VideoId>("video_id", request.video_id());
  auto user = read_id<UserId>("user_id", request.user_id());
  std::int32_t stars = co_await ratings.rating_of_user(context, video, user);
  write_id(video, response.mutable_video_id());
  write_id(user, response.mutable_user_id());
  response.set_rating(stars);
}

}  // namespace

std::unique_ptr<RpcService> make_ratings_rpc(Ratings& ratings, RpcHost& host) {
  auto rpc = std::make_unique<RpcService>("killrvideo.ratings.RatingsService", host);
  rpc->add("RateVideo", ratings, rate_video);
  rpc->add("GetRating", ratings, get_rating);
  rpc->add("GetUserRating", ratings, get_user_rating);
  return rpc;
}

}  // namespace killrvideo
