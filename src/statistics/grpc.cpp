#include "statistics/grpc.hpp"

#include "statistics/statistics_service.pb.h"
#include "transport/grpc/wire.hpp"

namespace killrvideo {
namespace {

namespace pb = statistics;

class StatisticsRpc : public RpcService {
 public:
  StatisticsRpc(Statistics& statistics, RpcHost& host)
      : RpcService("killrvideo.statistics.StatisticsService", host), statistics_(statistics) {
    rpc("RecordPlaybackStarted", &StatisticsRpc::record_playback_started);
    rpc("GetNumberOfPlays", &StatisticsRpc::get_number_of_plays);
  }

 private:
  Task<void> record_playback_started(const Context& context,
                                     const pb::RecordPlaybackStartedRequest& request,
                                     pb::RecordPlaybackStartedResponse&) {
    auto video = read_id<VideoId>("video_id", request.video_id());
    co_await statistics_.record_playback(context, video);
  }

  Task<void> get_number_of_plays(const Context& context, const pb::GetNumberOfPlaysRequest& request,
                                 pb::GetNumberOfPlaysResponse& response) {
    auto videos = read_ids<VideoId>("video_ids", request.video_ids());
    auto plays = co_await statistics_.plays(context, std::move(videos));
    for (const VideoPlaybackStats& row : plays) {
      auto* stats = response.add_stats();
      write_id(row.videoid, stats->mutable_video_id());
      stats->set_views(row.views.value);
    }
  }

  Statistics& statistics_;
};

}  // namespace

std::unique_ptr<RpcService> make_statistics_rpc(Statistics& statistics, RpcHost& host) {
  return std::make_unique<StatisticsRpc>(statistics, host);
}

}  // namespace killrvideo
