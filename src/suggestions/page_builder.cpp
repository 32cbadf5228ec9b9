#include "suggestions/page_builder.hpp"

#include <algorithm>

#include "ratings/tables.hpp"

namespace killrvideo {

Task<void> PageBuilder::offer(std::vector<Candidate> candidates, const Fits& fits) {
  std::vector<VideoId> liked;
  for (const Candidate& candidate : candidates)
    if (candidate.by_ratings) liked.push_back(candidate.video);
  co_await check_.drop_unliked(liked);
  std::erase_if(candidates, [&](const Candidate& candidate) {
    return candidate.by_ratings && std::ranges::find(liked, candidate.video) == liked.end();
  });
  auto found = co_await store_.get_many(context_, videos,
                                        std::views::transform(candidates, &Candidate::video));
  std::vector<std::optional<VideoRatingByUser>> ratings(candidates.size());
  if (for_whom_)
    ratings = co_await store_.get_many(context_, video_ratings_by_user,
                                       rating_keys(*for_whom_, candidates, &Candidate::video));
  for (std::size_t i = 0; i < candidates.size() && !complete(); ++i) {
    auto& video = found[i];
    if (!video || stars_of(ratings[i]) || (for_whom_ && video->userid == *for_whom_)) continue;
    if (fits && !fits(*video)) continue;
    // What has no room any more is only known to follow.
    if (!room_.take({&video->name, &video->preview_image_location})) size_ = rows_.size();
    rows_.push_back(std::move(*video));
    positions_.push_back(std::move(candidates[i].position));
  }
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
