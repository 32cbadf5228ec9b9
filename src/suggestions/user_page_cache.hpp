// The best videos for users who asked recently, valid until something changes that they are made
// of.
#pragma once

#include <array>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "catalog/ranked_list.hpp"
#include "suggestions/change_counters.hpp"

namespace killrvideo {

/// The first of a user's suggestions; immutable once it is in the cache.
struct UserPage {
  std::vector<VideoId> likes;  ///< whose lists it was made of
  std::vector<Ranked> best;    ///< best first
  std::uint64_t changes = 0;   ///< the sum of the counters of the user and the likes
};

/// Any thread.
class UserPageCache {
 public:
  /// So many videos of a user are cached, and so many users: some 30 MB at most.
  static constexpr std::size_t most_videos = 30;
  static constexpr std::size_t shards = 16, most_users_in_shard = 2'048;

  explicit UserPageCache(const ChangeCounters& changes) : changes_(changes) {}

  std::uint64_t changes_of(const Uuid& id) const { return changes_.of(id); }

  /// Null if nothing is cached for the user or something has changed.
  std::shared_ptr<const UserPage> find(const UserId& user) {
    std::shared_ptr<const UserPage> page;
    {
      Shard& shard = shard_of(user);
      const std::lock_guard lock(shard.mutex);
      const auto found = shard.pages.find(user);
      if (found == shard.pages.end()) return nullptr;
      page = found->second;
    }
    std::uint64_t changes = changes_.of(user);
    for (const VideoId& video : page->likes) changes += changes_.of(video);
    return changes == page->changes ? page : nullptr;
  }

  void put(const UserId& user, std::shared_ptr<const UserPage> page) {
    Shard& shard = shard_of(user);
    const std::lock_guard lock(shard.mutex);
    shard.pages[user] = std::move(page);
    if (shard.pages.size() > most_users_in_shard) shard.pages.erase(shard.pages.begin());
  }

 private:
  struct Shard {
    std::mutex mutex;
    std::unordered_map<UserId, std::shared_ptr<const UserPage>, UuidHash> pages;
  };

  Shard& shard_of(const UserId& user) { return shards_[UuidHash{}(user) % shards]; }

  const ChangeCounters& changes_;
  std::array<Shard, shards> shards_;
};

}  // namespace killrvideo
