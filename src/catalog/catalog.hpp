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

  /// Adds a video and publishes YouTubeVideoAdded. Adding the same video again does nothing; other
  /// content under an existing id throws already_exists. Videos of one process get unique
  /// added_dates.
  Task<void> submit(const Context& context, NewYouTubeVideo video);

  /// Throws not_found.
  Task<Video> video(const Context& context, VideoId id);

  /// The existing videos among these ids (field video_ids; 1 to 100), each once, in the order of
  /// the ids.
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
