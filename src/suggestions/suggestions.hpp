// Suggestions: videos related to a video, and videos for a user.
//
// Scores and tags only say which videos might be wanted; what is shown is what the catalog has of
// them now.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "catalog/tables.hpp"
#include "common/paging.hpp"
#include "suggestions/leftovers.hpp"
#include "suggestions/like_check.hpp"
#include "suggestions/user_lists.hpp"

namespace killrvideo {

class PageBuilder;

class Suggestions {
 public:
  /// Uses, but does not own, the store and `versions`: those of the Recommender, if no other
  /// process changes ratings and scores; else nullptr: then nothing that was made for a user is
  /// kept, and what scores say is compared with some of the ratings before it is shown.
  Suggestions(storage::Store& store, const ListVersions* versions,
              std::function<Leftovers::Clock::time_point()> clock = Leftovers::Clock::now)
      : store_(store), leftovers_(store, std::move(clock)) {
    if (versions) lists_.emplace(*versions);
  }

  /// The videos that belong to a video, without itself: the best by score (see likes.hpp), then
  /// those that share tags with it, most and rarest first; of a tag with more than TagList::most
  /// videos these are the newest, and all others come at the end. A page_size of 0 stands for 5.
  /// A page may have less than its size though more follow, where it takes long to find some.
  Task<PageResult<Video>> related(const Context& context, VideoId video, int page_size,
                                  std::string paging_state);

  /// Videos for a user, without those that they have rated or uploaded: those with the best sum of
  /// scores with what they liked last, then in turns what is popular and what is new. Pages are as
  /// those of related().
  Task<PageResult<Video>> for_user(const Context& context, UserId user, int page_size,
                                   std::string paging_state);

 private:
  Task<void> offer_by_tags(PageBuilder& page, const Context& context, const Video& video,
                           const std::string& place, std::span<const Scored> scored,
                           LikeCheck* checked);
  Task<std::vector<VideoId>> last_likes(const Context& context, UserId user, LikeCheck* checked);
  Task<std::shared_ptr<const UserList>> list_for(UserLists& lists, const Context& context,
                                                 UserId user);

  storage::Store& store_;
  Leftovers leftovers_;
  std::optional<UserLists> lists_;
};

}  // namespace killrvideo
