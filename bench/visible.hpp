// How long it takes until what is written shows elsewhere.
#pragma once

#include <grpcpp/channel.h>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace killrvideo::bench {

/// Submits a video and has a user of its own rate it and one of `videos`, again and again,
/// `samples` times; each time it measures from the answer to the second rating to the first answer
/// of GetRelatedVideos in which the two videos are related, asking again and again. Throws
/// std::runtime_error if a call fails or a rating is not seen within 10 seconds.
std::vector<std::chrono::nanoseconds> wait_for_ratings(
    const std::shared_ptr<grpc::Channel>& channel, const std::vector<std::string>& videos,
    int samples);

/// Submits a video with a word in its name that no other has, again and again, `samples` times;
/// each time it measures from the answer to the first answer of SearchVideos that has the video,
/// asking again and again. Throws std::runtime_error if a call fails or a video is not found within
/// 10 seconds.
std::vector<std::chrono::nanoseconds> wait_for_submissions(
    const std::shared_ptr<grpc::Channel>& channel, int samples);

}  // namespace killrvideo::bench
