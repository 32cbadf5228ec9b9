// Stale scores and entries in lists of tags: other tools may change ratings and videos without an
// event. They are found by comparing what is about to be shown with ratings and videos.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "storage/store.hpp"
#include "suggestions/tables.hpp"

namespace killrvideo {

/// Readers report what does not agree with the ratings and videos. That may be a change whose event
/// is still on its way. If it is reported again after time_limits::scores_stale_after, a rebuild is
/// requested. Any thread.
class StaleScores {
 public:
  using Clock = std::chrono::steady_clock;

  /// The store outlives this.
  explicit StaleScores(storage::Store& store, std::function<Clock::time_point()> clock = Clock::now)
      : store_(store), clock_(std::move(clock)) {}

  /// What relates these two was read and is wrong.
  Task<void> met(Uuid a, Uuid b);

 private:
  bool is_old(const Uuid& a, const Uuid& b);

  storage::Store& store_;
  const std::function<Clock::time_point()> clock_;
  std::mutex mutex_;
  std::map<std::pair<decltype(Uuid::bytes), decltype(Uuid::bytes)>, Clock::time_point> since_;
};

/// For one answer. It reads the first ratings of each video only, so it may miss that a rating was
/// removed, but never rejects an existing one.
class LikeCheck {
 public:
  /// How many ratings of a video are looked at.
  static constexpr std::size_t most_fans = 32;

  /// With `video`, a user has to like this one, too. If not `enabled`, everything passes. All that
  /// is referred to outlives this.
  LikeCheck(storage::Store& store, const Context& context, StaleScores& stale_scores,
            std::optional<VideoId> video, bool enabled)
      : store_(store),
        context_(context),
        stale_scores_(stale_scores),
        video_(video),
        enabled_(enabled) {}

  /// Removes the videos that nobody likes any more.
  Task<void> drop_unliked(std::vector<VideoId>& candidates);

  /// Removes the videos that this user does not like any more.
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
  StaleScores& stale_scores_;
  const std::optional<VideoId> video_;
  const bool enabled_;
  std::optional<Fans> fans_;  // of video_
};

}  // namespace killrvideo
