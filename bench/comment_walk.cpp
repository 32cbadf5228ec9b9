#include "comment_walk.hpp"

#include <algorithm>
#include <numeric>
#include <stdexcept>
#include <utility>
#include <vector>

#include "comments/comments_service.grpc.pb.h"
#include "scenarios.hpp"

namespace killrvideo::bench {
namespace {

using namespace comments;
using Nanoseconds = std::chrono::nanoseconds;

constexpr int far_page = 1000;

class Walker {
 public:
  Walker(const std::shared_ptr<grpc::Channel>& channel, const std::string& video)
      : stub_(CommentsService::NewStub(channel)) {
    request_.mutable_video_id()->set_value(video);
    request_.set_page_size(comments_per_page);
  }

  /// The page that `state` (empty: from the start) leads to.
  GetVideoCommentsResponse page(const std::string& state) {
    request_.set_paging_state(state);
    GetVideoCommentsResponse response;
    grpc::ClientContext context;
    const auto status = stub_->GetVideoComments(&context, request_, &response);
    if (!status.ok()) throw std::runtime_error("GetVideoComments: " + status.error_message());
    if (response.comments_size() != comments_per_page) {
      throw std::runtime_error("a page of the walk is not full");
    }
    return response;
  }

  Nanoseconds time_of(const std::string& state) {
    const auto started = std::chrono::steady_clock::now();
    page(state);
    return std::chrono::steady_clock::now() - started;
  }

 private:
  std::unique_ptr<CommentsService::Stub> stub_;
  GetVideoCommentsRequest request_;
};

using Moment = std::pair<std::int64_t, std::int32_t>;

Moment moment_of(const VideoComment& comment) {
  return {comment.comment_timestamp().seconds(), comment.comment_timestamp().nanos()};
}

/// The paging state that leads to the far page.
std::string walk_to_far_page(Walker& walker, int& seen) {
  std::string state;
  std::string last_id;
  Moment last_moment{std::numeric_limits<std::int64_t>::max(), 0};
  for (int page = 1; page < far_page; ++page) {
    const auto response = walker.page(state);
    for (const auto& comment : response.comments()) {
      if (moment_of(comment) > last_moment || comment.comment_id().value() == last_id) {
        throw std::runtime_error("the walk is out of order on page " + std::to_string(page));
      }
      last_moment = moment_of(comment);
      last_id = comment.comment_id().value();
      ++seen;
    }
    state = response.paging_state();
    if (state.empty()) throw std::runtime_error("the walk ended before page 1,000");
  }
  return state;
}

PageTimes summary_of(std::vector<Nanoseconds> times) {
  const auto middle = times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2);
  std::nth_element(times.begin(), middle, times.end());
  const auto total = std::accumulate(times.begin(), times.end(), Nanoseconds{0});
  return {.mean = total / times.size(), .median = *middle};
}

}  // namespace

CommentWalk walk_comments(const std::shared_ptr<grpc::Channel>& channel, const std::string& video,
                          int samples) {
  Walker walker(channel, video);
  CommentWalk walk;
  const auto far_state = walk_to_far_page(walker, walk.comments);
  std::vector<Nanoseconds> first;
  std::vector<Nanoseconds> far;
  for (int i = 0; i < samples; ++i) {
    first.push_back(walker.time_of(""));
    far.push_back(walker.time_of(far_state));
  }
  walk.first = summary_of(std::move(first));
  walk.far = summary_of(std::move(far));
  return walk;
}

}  // namespace killrvideo::bench
