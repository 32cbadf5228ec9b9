// The announcements of ratings that are under way.
#pragma once

#include <array>
#include <functional>
#include <mutex>
#include <vector>

#include "ratings/tables.hpp"
#include "storage/store.hpp"

namespace killrvideo {

class PendingRatings {
 public:
  /// The store outlives this.
  explicit PendingRatings(storage::Store& store) : store_(store) {}

  /// The announcement of a rating, now; to be inserted into ratings_pending.
  static PendingRating announce(VideoId video, UserId user, std::int32_t stars);
  /// The key of its row.
  static decltype(ratings_pending)::Key key_of(const PendingRating& rating);

  /// All of a video, oldest first. Costs what has been announced in the video's shard since its
  /// position.
  Task<std::vector<PendingRating>> of(const Context& context, VideoId video);

  using Visit = std::function<Task<bool>(const PendingRating&)>;
  /// Calls `settle` with each that was announced before `latest`, oldest first in each shard. It
  /// returns whether the rating is settled. The next call starts at the oldest one that is not.
  Task<void> settle(const Context& context, Timestamp latest, const Visit& settle);

 private:
  Task<Timestamp> position(const Context& context, std::int32_t shard);
  Task<void> advance(const Context& context, std::int32_t shard, Timestamp position);
  Task<void> each(const Context& context, std::int32_t shard, Timestamp until,
                  const std::function<Task<void>(const PendingRating&)>& visit);

  storage::Store& store_;
  std::mutex mutex_;
  struct Known {
    std::optional<Timestamp> position;  ///< to begin at
    Timestamp stored;                   ///< as others know it
  };
  std::array<Known, storage::queue_shards> known_;
};

}  // namespace killrvideo
