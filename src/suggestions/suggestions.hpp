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
#include "suggestions/stale_scores.hpp"
#include "suggestions/user_page_cache.hpp"

namespace killrvideo {

class PageBuilder;

class Suggestions {
 public:
  /// The store and `changes` outlive this. `changes` are those of the Recommender if no other
  /// process changes ratings and scores: then pages for users are cached. Otherwise nullptr: then
  /// scores are compared with some of the ratings before they are shown.
  Suggestions(storage::Store& store, const ChangeCounters* changes,
              std::function<StaleScores::Clock::time_point()> clock = StaleScores::Clock::now)
      : store_(store), stale_scores_(store, std::move(clock)) {
    if (changes) page_cache_.emplace(*changes);
  }

  /// The videos that belong to a video, without itself: the best by score (see likes.hpp), then
  /// those that share tags with it, most and rarest first; of a tag with more than TagList::most
  /// videos these are the newest, and all others come at the end. A page_size of 0 stands for 5.
  /// A page may be shorter than its size though more follow, if it takes long to find more.
  Task<PageResult<Video>> related(const Context& context, VideoId video, int page_size,
                                  std::string paging_state);

  /// Videos for a user, without those that they have rated or uploaded: those with the best sum of
  /// scores with what they liked last, then in turns what is popular and what is new. Pages are as
  /// those of related().
  Task<PageResult<Video>> for_user(const Context& context, UserId user, int page_size,
                                   std::string paging_state);

 private:
  LikeCheck like_check(const Context& context, std::optional<VideoId> video) {
    return {store_, context, stale_scores_, video, !page_cache_};
  }
  Task<void> offer_by_tags(PageBuilder& page, const Context& context, const Video& video,
                           const std::string& position, std::span<const Ranked> scored,
                           LikeCheck& check);
  Task<std::vector<VideoId>> last_likes(const Context& context, UserId user, LikeCheck& check);
  Task<std::shared_ptr<const UserPage>> best_for(UserPageCache& cache, const Context& context,
                                                 UserId user, LikeCheck& check);

  storage::Store& store_;
  StaleScores stale_scores_;
  std::optional<UserPageCache> page_cache_;
};

}  // namespace killrvideo
