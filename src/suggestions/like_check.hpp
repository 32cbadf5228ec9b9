// Whether the ratings still say what scores were made of, on a store that other tools change, too.
#pragma once

#include <optional>
#include <vector>

#include "suggestions/leftovers.hpp"
#include "suggestions/tables.hpp"

namespace killrvideo {

/// For one answer. It looks at the first ratings of each video only, so it may let pass what is
/// gone, but never stops what is there.
class LikeCheck {
 public:
  /// How many ratings of a video are looked at.
  static constexpr std::size_t most_fans = 32;

  /// With `video`, a user has to like this one, too. All that is referred to outlives this.
  LikeCheck(storage::Store& store, const Context& context, Leftovers& leftovers,
            std::optional<VideoId> video)
      : store_(store), context_(context), leftovers_(leftovers), video_(video) {}

  /// Takes those out of the videos that nobody likes any more.
  Task<void> drop_unliked(std::vector<VideoId>& candidates);

  /// Takes those out that this user does not like any more.
  Task<void> drop_unliked_by(UserId user, std::vector<VideoId>& candidates);

 private:
  struct Fans {
    std::vector<UserId> users;
    bool all = false;  // there are no others
  };

  Task<Fans> fans_of(VideoId video);
  Task<void> drop(std::vector<VideoId>& candidates, const std::vector<bool>& liked, Uuid by);
  static bool share_one(const Fans& a, const Fans& b);

  storage::Store& store_;
  const Context& context_;
  Leftovers& leftovers_;
  const std::optional<VideoId> video_;
  std::optional<Fans> fans_;  // of video_
};

}  // namespace killrvideo
