#include "suggestions/cold_start.hpp"

#include <algorithm>

#include "suggestions/list_position.hpp"

namespace killrvideo {
namespace {

// How many of the latest videos a page looks at at a time, and at most, in search of some that may
// be shown.
constexpr std::size_t latest_at_a_time = 50, most_latest = 1'000;

}  // namespace

// The last popular one, if there was one, and the last of the latest.
ColdStart::ColdStart(storage::Store& store, const Context& context, std::string_view position)
    : store_(store), context_(context) {
  if (part_of(position) != ListPart::cold_start) return;
  using Score = std::optional<std::int64_t>;
  using Video = std::optional<VideoId>;
  using Time = std::optional<Timestamp>;
  using Day = std::optional<std::string>;
  const auto [score, popular, day, time, added] =
      columns_of<Score, Video, Day, Time, Video>(position);
  if (score && popular) last_popular_ = {*score, *popular};
  if (day && time && added) last_added_ = {*day, *time, *added};
}

std::string ColdStart::position() const {
  std::optional<std::int64_t> score;
  std::optional<std::string> day;
  std::optional<Timestamp> time;
  std::optional<VideoId> popular, added;
  if (last_popular_) score = last_popular_->rank, popular = last_popular_->video;
  if (last_added_) day = last_added_->day, time = last_added_->added, added = last_added_->video;
  return position_in(ListPart::cold_start, score, popular, day, time, added);
}

Task<void> ColdStart::offer_to(PageBuilder& page, std::span<const Ranked> popular,
                               std::span<const Ranked> shown) {
  const auto all_popular = popular;
  if (last_popular_)
    popular = {std::ranges::upper_bound(popular, *last_popular_, ranks_before), popular.end()};
  while (!page.complete()) {
    co_await read_latest();
    if (popular.empty() && latest_.empty()) {
      if (!all_read_) page.continue_later(position());
      co_return;
    }
    std::vector<PageBuilder::Candidate> candidates;
    while (candidates.size() < page.missing() + PageBuilder::spare &&
           !(popular.empty() && latest_.empty())) {
      if (!popular.empty()) {
        last_popular_ = popular.front();
        popular = popular.subspan(1);
        if (!is_in(shown, last_popular_->video))
          candidates.push_back({last_popular_->video, position(), true});
      }
      if (!latest_.empty()) {
        last_added_ = latest_.back();
        latest_.pop_back();
        const VideoId video = last_added_->video;
        if (!is_in(shown, video) && !is_in(all_popular, video))
          candidates.push_back({video, position()});
      }
    }
    co_await page.offer(std::move(candidates));
  }
}

// The next of the latest, in reverse, if there are none left.
Task<void> ColdStart::read_latest() {
  if (!latest_.empty() || all_read_ || looked_at_ >= most_latest) co_return;
  const auto page = co_await latest_from(store_, context_, last_added_, latest_at_a_time);
  all_read_ = page.state.empty();
  looked_at_ += page.rows.size();
  for (const LatestVideo& row : page.rows)
    if (!last_added_ || row.videoid != last_added_->video)
      latest_.push_back({row.yyyymmdd, row.added_date, row.videoid});
  std::ranges::reverse(latest_);
}

}  // namespace killrvideo
