#include "suggestions/suggestions.hpp"

#include <algorithm>
#include <unordered_set>

#include "common/validate.hpp"
#include "ratings/tables.hpp"
#include "suggestions/cold_start.hpp"
#include "suggestions/likes.hpp"
#include "suggestions/list_position.hpp"
#include "suggestions/page_builder.hpp"
#include "suggestions/tag_partition_scan.hpp"
#include "tags/tag_relations.hpp"

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

std::string position_of(const Ranked& scored) {
  return position_in(ListPart::scores, scored.rank, scored.video);
}

std::string position_of(const SharedTags& other) {
  return position_in(ListPart::tag_lists, other.shared, other.rarity, other.video);
}

SharedTags read_tag_position(std::string_view position) {
  const auto [shared, rarity, video] = columns_of<std::int64_t, std::int64_t, VideoId>(position);
  return {shared, rarity, video};
}

// Offers those with a score until the page is complete or there are no more of them.
Task<void> offer_scored(PageBuilder& page, std::span<const Ranked> scored) {
  for (std::size_t more = 0; !scored.empty() && !page.complete(); more = PageBuilder::spare) {
    const auto some = scored.first(std::min(scored.size(), page.missing() + more));
    scored = scored.subspan(some.size());
    std::vector<Candidate> candidates;
    for (const Ranked& each : some) candidates.push_back({each.video, position_of(each), true});
    co_await page.offer(std::move(candidates));
  }
}

// Those that stand after the position, which is one among scores or the start.
std::span<const Ranked> after(std::span<const Ranked> sorted, std::string_view position) {
  if (part_of(position) == ListPart::start) return sorted;
  const auto [score, video] = columns_of<std::int64_t, VideoId>(position);
  const auto next = std::ranges::upper_bound(sorted, Ranked{score, video}, ranks_before);
  return {next, sorted.end()};
}

// The best of all shards, as many as a list has.
Task<ScoreList> popular_videos(storage::Store& store, const Context& context) {
  const auto rows = co_await store.get_many(context, suggestions_related, popularity_shards());
  std::vector<Ranked> all;
  for (const auto& row : rows) {
    if (!row) continue;
    const EncodedRankedList list(row->best);
    for (std::size_t i = 0; i < list.size(); ++i) all.push_back(list[i]);
  }
  co_return ScoreList(std::move(all));
}

// Sums up the scores of each video.
std::vector<Ranked> summed(std::vector<Ranked> scores) {
  std::ranges::sort(scores, {}, [](const Ranked& scored) { return scored.video.bytes; });
  std::vector<Ranked> sums;
  for (const Ranked& scored : scores) {
    if (!sums.empty() && sums.back().video == scored.video) {
      sums.back().rank += scored.rank;
    } else {
      sums.push_back(scored);
    }
  }
  std::ranges::sort(sums, ranks_before);
  return sums;
}

// The videos with the best sums of scores with these ones, best first.
Task<std::vector<Ranked>> scored_with(storage::Store& store, const Context& context,
                                      const std::vector<VideoId>& likes) {
  const auto rows = co_await store.get_many(context, suggestions_related, likes);
  const std::size_t of_each = scores_that_count / std::max<std::size_t>(likes.size(), 1);
  std::vector<Ranked> scores;
  for (const auto& row : rows) {
    if (!row) continue;
    const auto list = ScoreList::decode(row->best);
    const auto best = list.entries().first(std::min(list.entries().size(), of_each));
    scores.insert(scores.end(), best.begin(), best.end());
  }
  std::erase_if(scores, [&](const Ranked& scored) {
    return std::ranges::find(likes, scored.video) != likes.end();
  });
  co_return summed(std::move(scores));
}

}  // namespace

Task<PageResult<Video>> Suggestions::related(const Context& context, VideoId video, int page_size,
                                             std::string paging_state) {
  const std::size_t size = page_size_of(page_size);
  const Cursor cursor("GetRelatedVideos " + video.to_string(), std::nullopt, paging_state);
  const std::string& position = cursor.state();
  LikeCheck check = like_check(context, video);
  PageBuilder page(store_, context, size, std::nullopt, check);

  const auto row = co_await store_.get(context, suggestions_related, {video});
  const auto best = row ? ScoreList::decode(row->best) : ScoreList();
  const ListPart part = part_of(position);
  if (part != ListPart::tag_lists && part != ListPart::tag_partitions)
    co_await offer_scored(page, after(best.entries(), position));
  if (!page.complete()) {
    const auto itself = co_await store_.get(context, videos, {video});
    if (itself) co_await offer_by_tags(page, context, *itself, position, best.entries(), check);
  }
  co_return page.finish(cursor);
}

// Offers what shares tags with the video, but for those that stand in the listing by their score.
Task<void> Suggestions::offer_by_tags(PageBuilder& page, const Context& context, const Video& video,
                                      const std::string& position, std::span<const Ranked> scored,
                                      LikeCheck& check) {
  const auto lists = co_await store_.get_many(context, suggestions_tags, video.tags);
  TagRelations relations(video.videoid, lists);
  if (part_of(position) == ListPart::tag_lists) relations.skip_to(read_tag_position(position));
  const bool lists_done = part_of(position) == ListPart::tag_partitions;
  for (std::size_t more = 0; !lists_done && !page.complete(); more = PageBuilder::spare) {
    const auto some = relations.next(page.missing() + more);
    if (some.empty()) break;
    std::vector<VideoId> by_score;
    for (const SharedTags& other : some)
      if (is_in(scored, other.video)) by_score.push_back(other.video);
    co_await check.drop_unliked(by_score);
    std::vector<Candidate> candidates;
    for (const SharedTags& other : some)
      if (std::ranges::find(by_score, other.video) == by_score.end())
        candidates.push_back({other.video, position_of(other)});
    std::vector<VideoId> stale;
    co_await page.offer(std::move(candidates), [&](const Video& other) {
      const auto listed = std::ranges::find(some, other.videoid, &SharedTags::video)->shared;
      const auto shared = count_shared_tags(video, other);
      if (shared < listed) stale.push_back(other.videoid);
      return shared > 0;
    });
    for (const VideoId& other : stale) co_await stale_scores_.met(video.videoid, other);
  }
  if (page.complete()) co_return;
  // Also of tags with few videos: other tools add rows to videos_by_tag of which no list knows.
  std::unordered_set<VideoId, UuidHash> offered{video.videoid};
  for (const Ranked& other : scored) offered.insert(other.video);
  for (const SharedTags& other : relations.all()) offered.insert(other.video);
  co_await offer_tag_partitions(page, store_, context, video.tags, position,
                                [&](const VideoId& other) { return offered.contains(other); });
}

// What the user liked last.
Task<std::vector<VideoId>> Suggestions::last_likes(const Context& context, UserId user,
                                                   LikeCheck& check) {
  storage::SliceQuery<> wanted{.size = likes_that_count};
  auto page = co_await store_.slice(context, suggestions_recent_likes, {user}, std::move(wanted));
  std::vector<VideoId> likes;
  likes.reserve(page.rows.size());
  for (const RecentLike& like : page.rows) likes.push_back(like.videoid);
  co_await check.drop_unliked_by(user, likes);
  co_return likes;
}

// The best for a user except what they have rated: from the cache, or computed and cached.
Task<std::shared_ptr<const UserPage>> Suggestions::best_for(UserPageCache& cache,
                                                            const Context& context, UserId user,
                                                            LikeCheck& check) {
  if (auto cached = cache.find(user)) co_return cached;
  auto page = std::make_shared<UserPage>();
  // Counters are read before what they count, so that a change in between invalidates this page.
  page->changes = cache.changes_of(user);
  page->likes = co_await last_likes(context, user, check);
  for (const VideoId& video : page->likes) page->changes += cache.changes_of(video);
  auto scored = co_await scored_with(store_, context, page->likes);
  scored.resize(std::min(scored.size(), 2 * UserPageCache::most_videos));
  const auto ratings = co_await store_.get_many(context, video_ratings_by_user,
                                                rating_keys(user, scored, &Ranked::video));
  for (std::size_t i = 0; i < scored.size() && page->best.size() < UserPageCache::most_videos; ++i)
    if (!stars_of(ratings[i])) page->best.push_back(scored[i]);
  cache.put(user, page);
  co_return page;
}

Task<PageResult<Video>> Suggestions::for_user(const Context& context, UserId user, int page_size,
                                              std::string paging_state) {
  const std::size_t size = page_size_of(page_size);
  const Cursor cursor("GetSuggestedForUser " + user.to_string(), std::nullopt, paging_state);
  const std::string& position = cursor.state();
  LikeCheck check = like_check(context, std::nullopt);
  PageBuilder page(store_, context, size, user, check);

  std::string seen = position;
  if (position.empty() && page_cache_) {
    const auto first = co_await best_for(*page_cache_, context, user, check);
    co_await offer_scored(page, first->best);
    if (page.complete()) co_return page.finish(cursor);
    if (!first->best.empty()) seen = position_of(first->best.back());
  }
  const auto likes = co_await last_likes(context, user, check);
  const auto scored = co_await scored_with(store_, context, likes);
  if (part_of(position) != ListPart::cold_start) co_await offer_scored(page, after(scored, seen));
  if (page.complete()) co_return page.finish(cursor);
  const auto popular = co_await popular_videos(store_, context);
  co_await offer_cold_start(page, store_, context, position, popular.entries(), scored);
  co_return page.finish(cursor);
}

}  // namespace killrvideo
