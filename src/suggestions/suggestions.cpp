#include "suggestions/suggestions.hpp"

#include <algorithm>
#include <unordered_set>

#include "common/validate.hpp"
#include "ratings/tables.hpp"
#include "suggestions/likes.hpp"
#include "suggestions/long_tags.hpp"
#include "suggestions/page_builder.hpp"
#include "suggestions/places.hpp"
#include "suggestions/popular_and_new.hpp"
#include "suggestions/tags.hpp"
#include "suggestions/top_list.hpp"

namespace killrvideo {
namespace {

constexpr int usual_page = 5;
// What a user liked last decides on what is suggested, so that it does not cost more the more they
// like: of this many videos, together this many scores.
constexpr std::size_t likes_that_count = 20;
constexpr std::size_t scores_that_count = 1'000;

using Candidate = PageBuilder::Candidate;

std::size_t page_size_of(int page_size) {
  return check_page_size(page_size == 0 ? usual_page : page_size);
}

std::string score_place(const Scored& scored) {
  return write_place(PlaceKind::score, scored.score, scored.video);
}

std::string tag_place(const SharedTags& other) {
  return write_place(PlaceKind::tag, other.shared, other.rarity, other.video);
}

SharedTags read_tag_place(std::string_view place) {
  const auto [shared, rarity, video] = read_place<std::int64_t, std::int64_t, VideoId>(place);
  return {shared, rarity, video};
}

// Offers those with a score until the page is complete or there are no more of them.
Task<void> offer_scored(PageBuilder& page, std::span<const Scored> scored) {
  for (std::size_t more = 0; !scored.empty() && !page.complete(); more = PageBuilder::spare) {
    const auto some = scored.first(std::min(scored.size(), page.missing() + more));
    scored = scored.subspan(some.size());
    std::vector<Candidate> candidates;
    for (const Scored& each : some) candidates.push_back({each.video, score_place(each), true});
    co_await page.offer(std::move(candidates));
  }
}

// Those that stand after the place, which is one among scores or the start.
std::span<const Scored> after(std::span<const Scored> sorted, std::string_view place) {
  if (kind_of(place) == PlaceKind::start) return sorted;
  const auto [score, video] = read_place<std::int64_t, VideoId>(place);
  const auto next = std::ranges::upper_bound(sorted, Scored{score, video}, better);
  return {next, sorted.end()};
}

Task<TopList> top_list(storage::Store& store, const Context& context, VideoId video) {
  auto row = co_await store.get(context, suggestions_related, {video});
  co_return row ? TopList::decode(row->best) : TopList();
}

// Sums up the scores of each video.
std::vector<Scored> summed(std::vector<Scored> scores) {
  std::ranges::sort(scores, {}, [](const Scored& scored) { return scored.video.bytes; });
  std::vector<Scored> sums;
  for (const Scored& scored : scores) {
    if (!sums.empty() && sums.back().video == scored.video) {
      sums.back().score += scored.score;
    } else {
      sums.push_back(scored);
    }
  }
  std::ranges::sort(sums, better);
  return sums;
}

// The videos with the best sums of scores with these ones, best first.
Task<std::vector<Scored>> scored_with(storage::Store& store, const Context& context,
                                      const std::vector<VideoId>& likes) {
  const std::vector<std::tuple<VideoId>> keys(likes.begin(), likes.end());
  auto rows = co_await store.get_many(context, suggestions_related,
                                      std::span<const std::tuple<VideoId>>(keys));
  const std::size_t of_each = scores_that_count / std::max<std::size_t>(keys.size(), 1);
  std::vector<Scored> scores;
  for (const auto& row : rows) {
    if (!row) continue;
    const auto list = TopList::decode(row->best);
    const auto best = list.best().first(std::min(list.best().size(), of_each));
    scores.insert(scores.end(), best.begin(), best.end());
  }
  std::erase_if(scores, [&](const Scored& scored) {
    return std::ranges::find(likes, scored.video) != likes.end();
  });
  co_return summed(std::move(scores));
}

}  // namespace

Task<PageResult<Video>> Suggestions::related(const Context& context, VideoId video, int page_size,
                                             std::string paging_state) {
  const std::size_t size = page_size_of(page_size);
  const Cursor cursor("GetRelatedVideos " + video.to_string(), std::nullopt, paging_state);
  const std::string& place = cursor.state();
  LikeCheck like_check(store_, context, leftovers_, video);
  LikeCheck* const checked = lists_ ? nullptr : &like_check;
  PageBuilder page(store_, context, size, std::nullopt, checked);

  const auto top = co_await top_list(store_, context, video);
  const bool goes_on_by_tags =
      kind_of(place) == PlaceKind::tag || kind_of(place) == PlaceKind::long_tag;
  if (!goes_on_by_tags) co_await offer_scored(page, after(top.best(), place));
  if (!page.complete()) {
    const auto itself = co_await store_.get(context, videos, {video});
    if (itself) co_await offer_by_tags(page, context, *itself, place, top.best(), checked);
  }
  co_return page.finish(cursor);
}

// Offers what shares tags with the video, but for those that stand in the listing by their score.
Task<void> Suggestions::offer_by_tags(PageBuilder& page, const Context& context, const Video& video,
                                      const std::string& place, std::span<const Scored> scored,
                                      LikeCheck* checked) {
  auto relations = co_await tag_relations(store_, context, video);
  if (kind_of(place) == PlaceKind::tag) relations.skip_to(read_tag_place(place));
  const bool goes_on_behind = kind_of(place) == PlaceKind::long_tag;
  for (std::size_t more = 0; !goes_on_behind && !page.complete(); more = PageBuilder::spare) {
    const auto some = relations.next(page.missing() + more);
    if (some.empty()) break;
    std::vector<VideoId> by_score;
    for (const SharedTags& other : some)
      if (is_in(scored, other.video)) by_score.push_back(other.video);
    if (checked) co_await checked->drop_unliked(by_score);
    std::vector<Candidate> candidates;
    for (const SharedTags& other : some)
      if (std::ranges::find(by_score, other.video) == by_score.end())
        candidates.push_back({other.video, tag_place(other)});
    std::vector<VideoId> leftovers;
    co_await page.offer(std::move(candidates), [&](const Video& other) {
      const auto listed = std::ranges::find(some, other.videoid, &SharedTags::video)->shared;
      const auto shared = count_shared_tags(video, other);
      if (shared < listed) leftovers.push_back(other.videoid);
      return shared > 0;
    });
    for (const VideoId& other : leftovers) co_await leftovers_.met(video.videoid, other);
  }
  if (page.complete()) co_return;
  // Also of tags with few videos: other tools add rows to videos_by_tag of which no list knows.
  LongTags rest(store_, context, {video.tags.begin(), video.tags.end()}, place);
  std::unordered_set<VideoId, UuidHash> elsewhere{video.videoid};
  for (const Scored& other : scored) elsewhere.insert(other.video);
  for (const SharedTags& other : relations.all()) elsewhere.insert(other.video);
  co_await rest.offer_to(page, [&](const VideoId& other) { return elsewhere.contains(other); });
}

// What the user liked last.
Task<std::vector<VideoId>> Suggestions::last_likes(const Context& context, UserId user,
                                                   LikeCheck* checked) {
  storage::SliceQuery<> wanted{.size = likes_that_count};
  auto page = co_await store_.slice(context, suggestions_recent_likes, {user}, std::move(wanted));
  std::vector<VideoId> likes;
  likes.reserve(page.rows.size());
  for (const RecentLike& like : page.rows) likes.push_back(like.videoid);
  if (checked) co_await checked->drop_unliked_by(user, likes);
  co_return likes;
}

// The best for a user, but for what they have rated: as it was kept, or made and kept now.
Task<std::shared_ptr<const UserList>> Suggestions::list_for(UserLists& lists,
                                                            const Context& context, UserId user) {
  if (auto kept = lists.find(user)) co_return kept;
  auto list = std::make_shared<UserList>();
  // Versions come before what is read, so that a change in between makes this one useless.
  list->version = lists.version_of(user);
  list->likes = co_await last_likes(context, user, nullptr);
  for (const VideoId& video : list->likes) list->version += lists.version_of(video);
  auto scored = co_await scored_with(store_, context, list->likes);
  scored.resize(std::min(scored.size(), 2 * UserLists::most_videos));
  std::vector<std::tuple<VideoId, UserId>> keys;
  keys.reserve(scored.size());
  for (const Scored& each : scored) keys.emplace_back(each.video, user);
  const auto ratings =
      co_await store_.get_many(context, video_ratings_by_user, std::span(std::as_const(keys)));
  for (std::size_t i = 0; i < scored.size() && list->best.size() < UserLists::most_videos; ++i)
    if (!stars_of(ratings[i])) list->best.push_back(scored[i]);
  lists.keep(user, list);
  co_return list;
}

Task<PageResult<Video>> Suggestions::for_user(const Context& context, UserId user, int page_size,
                                              std::string paging_state) {
  const std::size_t size = page_size_of(page_size);
  const Cursor cursor("GetSuggestedForUser " + user.to_string(), std::nullopt, paging_state);
  const std::string& place = cursor.state();
  LikeCheck like_check(store_, context, leftovers_, std::nullopt);
  LikeCheck* const checked = lists_ ? nullptr : &like_check;
  PageBuilder page(store_, context, size, user, checked);

  std::string seen = place;
  if (place.empty() && lists_) {
    const auto list = co_await list_for(*lists_, context, user);
    co_await offer_scored(page, list->best);
    if (page.complete()) co_return page.finish(cursor);
    if (!list->best.empty()) seen = score_place(list->best.back());
  }
  const auto likes = co_await last_likes(context, user, checked);
  const auto scored = co_await scored_with(store_, context, likes);
  const bool goes_on_by_popularity = kind_of(place) == PlaceKind::popularity;
  if (!goes_on_by_popularity) co_await offer_scored(page, after(scored, seen));
  if (page.complete()) co_return page.finish(cursor);
  const auto popular = co_await top_list(store_, context, everything);
  PopularAndNew others(store_, context, place);
  co_await others.offer_to(page, popular.best(), scored);
  co_return page.finish(cursor);
}

}  // namespace killrvideo
