// Whether the pages far into a long list cost more than the first.
#pragma once

#include <grpcpp/channel.h>

#include <chrono>
#include <memory>
#include <string>

namespace killrvideo::bench {

struct PageTimes {
  std::chrono::nanoseconds mean{0};
  std::chrono::nanoseconds median{0};
};

struct CommentWalk {
  PageTimes first;   ///< Page 1.
  PageTimes far;     ///< Page 1,000.
  int comments = 0;  ///< Seen on the way.
};

/// Walks the comments of `video` page by page to page 1,000, checking that each page is full and
/// that comments follow each other from newest to oldest; then asks for the first and the last of
/// these pages in turns, `samples` times each, one call at a time. Throws std::runtime_error if a
/// call fails, a page is wrong or the video has too few comments.
CommentWalk walk_comments(const std::shared_ptr<grpc::Channel>& channel, const std::string& video,
                          int samples);

}  // namespace killrvideo::bench
