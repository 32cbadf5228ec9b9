// The synthetic world: users, videos and what users do with videos, as a function of a seed.
//
// Every user and video can be made by its index alone, so a world takes a few bytes a video however
// many comments there are. The same seed gives the same world on every machine and at any time;
// other sizes leave ids, names and texts of the users as they are.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include "catalog/tables.hpp"
#include "comments/tables.hpp"
#include "generate/texts.hpp"
#include "ratings/tables.hpp"
#include "users/tables.hpp"

namespace killrvideo::generate {

/// The password of every user.
inline constexpr std::string_view password = "killrvideo";

struct Sizes {
  std::uint64_t users = 0;
  std::uint64_t videos = 0;
  std::uint64_t comments = 0;
  std::uint64_t ratings = 0;
  std::uint64_t plays = 0;
};

class World {
 public:
  /// REQUIRES: there are users if there are videos, and videos if there is anything on videos; no
  /// more ratings than pairs of user and video.
  World(const Sizes& sizes, std::uint64_t seed);

  const Sizes& sizes() const { return sizes_; }

  // REQUIRES of all: the index is below sizes().users or sizes().videos.

  User user(std::uint64_t index) const;
  UserCredentials credentials(std::uint64_t index) const;
  Video video(std::uint64_t index) const;
  VideoId video_id(std::uint64_t index) const { return beginning(index).id; }

  /// How many there are of something on each video: the few popular videos have most of `total`,
  /// and none has more than `most`. The popular ones are the same whatever is counted.
  /// REQUIRES: total <= most * sizes().videos.
  std::vector<std::uint64_t> counts(std::uint64_t total, std::uint64_t most) const;

  /// Makes a video's comments, in no order of time.
  void comments(std::uint64_t video, std::uint64_t count,
                const std::function<void(const CommentByVideo&)>& sink) const;

  /// A video's ratings, each of another user. REQUIRES: count <= sizes().users.
  std::vector<VideoRatingByUser> ratings(std::uint64_t video, std::uint64_t count) const;

 private:
  /// What is drawn first for a video and says the rest about it.
  struct Beginning {
    VideoId id;
    Timestamp added;
    Subject subject;
  };

  Beginning beginning(std::uint64_t video) const;
  Timestamp added_date(std::uint64_t video) const;
  UserId user_id(std::uint64_t index) const;
  std::vector<std::uint64_t> distinct_users(std::uint64_t count, Random& random) const;

  const Sizes sizes_;
  const std::uint64_t seed_;
  const Texts texts_;
  const Zipf uploaders_;
  const Zipf active_users_;
  const Zipf video_ranks_;
  std::vector<std::uint32_t> by_popularity_;
};

}  // namespace killrvideo::generate
