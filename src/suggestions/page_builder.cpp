#include "suggestions/page_builder.hpp"

#include <algorithm>

#include "ratings/tables.hpp"

namespace killrvideo {

Task<void> PageBuilder::offer(std::vector<Candidate> candidates, const Fits& fits) {
  co_await drop_unliked(candidates);
  auto videos_found = co_await store_.get_many(
      context_, videos, std::views::transform(candidates, &Candidate::video));
  const auto is_rated = co_await rated(candidates);
  for (std::size_t i = 0; i < candidates.size() && !complete(); ++i) {
    auto& video = videos_found[i];
    if (!video || is_rated[i] || (for_whom_ && video->userid == *for_whom_)) continue;
    if (fits && !fits(*video)) continue;
    // What has no room any more is only known to follow.
    if (!room_.take({&video->name, &video->preview_image_location})) size_ = rows_.size();
    rows_.push_back(std::move(*video));
    positions_.push_back(std::move(candidates[i].position));
  }
}

Task<std::vector<bool>> PageBuilder::rated(const std::vector<Candidate>& candidates) {
  std::vector<bool> result(candidates.size());
  if (!for_whom_) co_return result;
  auto ratings = co_await store_.get_many(context_, video_ratings_by_user,
                                          rating_keys(*for_whom_, candidates, &Candidate::video));
  for (std::size_t i = 0; i < result.size(); ++i) result[i] = stars_of(ratings[i]).has_value();
  co_return result;
}

Task<void> PageBuilder::drop_unliked(std::vector<Candidate>& candidates) {
  std::vector<VideoId> liked;
  for (const Candidate& candidate : candidates)
    if (candidate.by_ratings) liked.push_back(candidate.video);
  co_await check_.drop_unliked(liked);
  std::erase_if(candidates, [&](const Candidate& candidate) {
    return candidate.by_ratings && std::ranges::find(liked, candidate.video) == liked.end();
  });
}

PageResult<Video> PageBuilder::finish(const Cursor& cursor) {
  PageResult<Video> page;
  if (complete()) {
    rows_.resize(size_);
    page.paging_state = cursor.token(positions_[size_ - 1]);
  } else {
    page.paging_state = cursor.token(continues_at_);
  }
  page.rows = std::move(rows_);
  return page;
}

}  // namespace killrvideo
