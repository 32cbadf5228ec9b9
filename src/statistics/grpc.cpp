#include "statistics/grpc.hpp"

#include "statistics/statistics_service.pb.h"
#include "transport/grpc/wire.hpp"

namespace killrvideo {
namespace {

namespace pb = statistics;

Task<void> record_playback_started(Statistics& statistics, const Context& context,
                                   const pb::RecordPlaybackStartedRequest& request,
                                   pb::RecordPlaybackStartedResponse&) {
  auto video = read_id<VideoId>("video_id", request.video_id());
  co_await statistics.record_playback(context, video);
}

Task<void> get_number_of_plays(Statistics& statistics, const Context& context,
                               const pb::GetNumberOfPlaysRequest& request,
                               pb::GetNumberOfPlaysResponse& response) {
  auto videos = read_ids<VideoId>("video_ids", request.video_ids());
  auto plays = co_await statistics.plays(context, std::move(videos));
  for (const VideoPlaybackStats& row : plays) {
    auto* stats = response.add_stats();
    write_id(row.videoid, stats->mutable_video_id());
    stats->set_views(row.views.value);
  }
}

}  // namespace

std::unique_ptr<RpcService> make_statistics_rpc(Statistics& statistics, RpcHost& host) {
  auto rpc = std::make_unique<RpcService>("killrvideo.statistics.StatisticsService", host);
  rpc->add("RecordPlaybackStarted", statistics, record_playback_started);
  rpc->add("GetNumberOfPlays", statistics, get_number_of_plays);
  return rpc;
}

}  // namespace killrvideo
