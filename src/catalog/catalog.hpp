// The video catalog: submitting videos, and listing them.
#pragma once

#include <string>
#include <vector>

#include "catalog/tables.hpp"
#include "common/clock.hpp"
#include "common/paging.hpp"

namespace killrvideo {

struct NewYouTubeVideo {
  VideoId video_id;
  UserId user_id;
  std::string name;               ///< 1 to 255 characters
  std::string description;        ///< up to 10,000 characters
  std::vector<std::string> tags;  ///< up to 50, each of 1 to 50 characters
  std::string you_tube_video_id;  ///< an id or a URL
};

class Catalog {
 public:
  /// Added date and video id: where a listing starts.
  using Start = std::tuple<Timestamp, VideoId>;

  explicit Catalog(storage::Store& store) : store_(store) {}

  /// Adds a video. The same video again is a no-op; other contents under an id that is taken throw
  /// already_exists. No two get the same added_date from one process. Publishes YouTubeVideoAdded.
  Task<void> submit(const Context& context, NewYouTubeVideo video);

  /// Throws not_found.
  Task<Video> video(const Context& context, VideoId id);

  /// The videos with these ids (field video_ids; 1 to 100), in the order asked, each once, without
  /// those that do not exist.
  Task<std::vector<Video>> previews(const Context& context, std::vector<VideoId> ids);

  /// Newest first over all days; equal times by video id.
  Task<PageResult<LatestVideo>> latest(const Context& context, PageRequest<Start> request);
  Task<PageResult<UserVideo>> of_user(const Context& context, UserId user,
                                      PageRequest<Start> request);

 private:
  storage::Store& store_;
  UniqueClock clock_;
};

}  // namespace killrvideo
