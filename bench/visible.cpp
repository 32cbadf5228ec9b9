#include "visible.hpp"

#include <algorithm>
#include <stdexcept>

#include "common/uuid.hpp"
#include "ratings/ratings_service.grpc.pb.h"
#include "search/search_service.grpc.pb.h"
#include "suggested-videos/suggested_videos_service.grpc.pb.h"
#include "video-catalog/video_catalog_service.grpc.pb.h"

namespace killrvideo::bench {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds patience{10};

void check(const grpc::Status& status, const char* method) {
  if (!status.ok()) throw std::runtime_error(std::string(method) + ": " + status.error_message());
}

template <class Condition>
std::chrono::nanoseconds time_until(Condition condition, const char* otherwise) {
  const auto started = Clock::now();
  while (!condition())
    if (Clock::now() - started > patience) throw std::runtime_error(otherwise);
  return Clock::now() - started;
}

void submit(video_catalog::VideoCatalogService::Stub& catalog, const std::string& video,
            const std::string& name) {
  video_catalog::SubmitYouTubeVideoRequest request;
  request.mutable_video_id()->set_value(video);
  request.mutable_user_id()->set_value(Uuid::random().to_string());
  request.set_name(name);
  request.set_you_tube_video_id("dQw4w9WgXcQ");
  grpc::ClientContext context;
  video_catalog::SubmitYouTubeVideoResponse response;
  check(catalog.SubmitYouTubeVideo(&context, request, &response), "SubmitYouTubeVideo");
}

template <class Response>
bool has(const Response& response, const std::string& video) {
  return std::ranges::any_of(
      response.videos(), [&](const auto& preview) { return preview.video_id().value() == video; });
}

class Rater {
 public:
  explicit Rater(const std::shared_ptr<grpc::Channel>& channel)
      : catalog_(video_catalog::VideoCatalogService::NewStub(channel)),
        ratings_(ratings::RatingsService::NewStub(channel)),
        suggestions_(suggested_videos::SuggestedVideoService::NewStub(channel)) {}

  std::chrono::nanoseconds wait_for_rating_with(const std::string& other) {
    const auto video = Uuid::random().to_string(), user = Uuid::random().to_string();
    submit(*catalog_, video, "A video that is rated at once");
    rate(video, user);
    rate(other, user);
    return time_until([&] { return related(video, other); }, "a rating does not count");
  }

 private:
  void rate(const std::string& video, const std::string& user) {
    ratings::RateVideoRequest request;
    request.mutable_video_id()->set_value(video);
    request.mutable_user_id()->set_value(user);
    request.set_rating(5);
    grpc::ClientContext context;
    ratings::RateVideoResponse response;
    check(ratings_->RateVideo(&context, request, &response), "RateVideo");
  }

  bool related(const std::string& video, const std::string& other) {
    suggested_videos::GetRelatedVideosRequest request;
    request.mutable_video_id()->set_value(video);
    grpc::ClientContext context;
    suggested_videos::GetRelatedVideosResponse response;
    check(suggestions_->GetRelatedVideos(&context, request, &response), "GetRelatedVideos");
    return has(response, other);
  }

  std::unique_ptr<video_catalog::VideoCatalogService::Stub> catalog_;
  std::unique_ptr<ratings::RatingsService::Stub> ratings_;
  std::unique_ptr<suggested_videos::SuggestedVideoService::Stub> suggestions_;
};

class Submitter {
 public:
  explicit Submitter(const std::shared_ptr<grpc::Channel>& channel)
      : catalog_(video_catalog::VideoCatalogService::NewStub(channel)),
        search_(search::SearchService::NewStub(channel)) {}

  std::chrono::nanoseconds wait_for_submission() {
    const auto video = Uuid::random().to_string();
    auto word = "z" + video;
    std::erase(word, '-');
    submit(*catalog_, video, "A video that is found at once " + word);
    return time_until([&] { return found(video, word); }, "a video is not found");
  }

 private:
  bool found(const std::string& video, const std::string& word) {
    search::SearchVideosRequest request;
    request.set_query(word);
    request.set_page_size(1);
    grpc::ClientContext context;
    search::SearchVideosResponse response;
    check(search_->SearchVideos(&context, request, &response), "SearchVideos");
    return has(response, video);
  }

  std::unique_ptr<video_catalog::VideoCatalogService::Stub> catalog_;
  std::unique_ptr<search::SearchService::Stub> search_;
};

}  // namespace

std::vector<std::chrono::nanoseconds> wait_for_ratings(
    const std::shared_ptr<grpc::Channel>& channel, const std::vector<std::string>& videos,
    int samples) {
  Rater rater(channel);
  std::vector<std::chrono::nanoseconds> times;
  for (int i = 0; i < samples; ++i)
    times.push_back(
        rater.wait_for_rating_with(videos[static_cast<std::size_t>(i) * 7919 % videos.size()]));
  return times;
}

std::vector<std::chrono::nanoseconds> wait_for_submissions(
    const std::shared_ptr<grpc::Channel>& channel, int samples) {
  Submitter submitter(channel);
  std::vector<std::chrono::nanoseconds> times;
  for (int i = 0; i < samples; ++i) times.push_back(submitter.wait_for_submission());
  return times;
}

}  // namespace killrvideo::bench
