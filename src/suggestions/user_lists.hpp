// The best videos for users who came by lately, as long as nothing has changed of what they are
// made of.
#pragma once

#include <array>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "suggestions/list_versions.hpp"
#include "suggestions/top_list.hpp"

namespace killrvideo {

/// Some of what a user is to be shown; immutable once it is made.
struct UserList {
  std::vector<VideoId> likes;  ///< whose lists it was made of
  std::vector<Scored> best;    ///< best first
  std::uint64_t version = 0;   ///< the sum of the versions of the user and the likes
};

/// All of it may be used by any thread.
class UserLists {
 public:
  /// So many videos are kept of a user, and so many users: some 30 MB at most.
  static constexpr std::size_t most_videos = 30;
  static constexpr std::size_t shards = 16, most_users_in_shard = 2'048;

  explicit UserLists(const ListVersions& versions) : versions_(versions) {}

  std::uint64_t version_of(const Uuid& id) const { return versions_.of(id); }

  /// The list that is kept of the user; null if there is none or something has changed.
  std::shared_ptr<const UserList> find(const UserId& user) {
    std::shared_ptr<const UserList> list;
    {
      Shard& shard = shard_of(user);
      const std::lock_guard lock(shard.mutex);
      const auto found = shard.lists.find(user);
      if (found == shard.lists.end()) return nullptr;
      list = found->second;
    }
    std::uint64_t version = versions_.of(user);
    for (const VideoId& video : list->likes) version += versions_.of(video);
    return version == list->version ? list : nullptr;
  }

  void keep(const UserId& user, std::shared_ptr<const UserList> list) {
    Shard& shard = shard_of(user);
    const std::lock_guard lock(shard.mutex);
    shard.lists[user] = std::move(list);
    if (shard.lists.size() > most_users_in_shard) shard.lists.erase(shard.lists.begin());
  }

 private:
  struct Shard {
    std::mutex mutex;
    std::unordered_map<UserId, std::shared_ptr<const UserList>, UuidHash> lists;
  };

  Shard& shard_of(const UserId& user) { return shards_[UuidHash{}(user) % shards]; }

  const ListVersions& versions_;
  std::array<Shard, shards> shards_;
};

}  // namespace killrvideo
