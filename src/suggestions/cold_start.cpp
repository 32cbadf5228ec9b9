#include "suggestions/cold_start.hpp"

#include <algorithm>
#include <optional>

#include "catalog/latest.hpp"
#include "suggestions/list_position.hpp"

namespace killrvideo {
namespace {

// How many of the latest videos a page looks at at a time, and at most, in search of some that may
// be shown.
constexpr std::size_t latest_at_a_time = 50, most_latest = 1'000;

class ColdStart {
 public:
  // The position is the last popular one, if there was one, and the last of the latest.
  ColdStart(storage::Store& store, const Context& context, std::string_view position)
      : store_(store), context_(context) {
    if (part_of(position) != ListPart::cold_start) return;
    const auto [score, popular, day, time, added] =
        columns_of<std::optional<std::int64_t>, std::optional<VideoId>, std::optional<std::string>,
                   std::optional<Timestamp>, std::optional<VideoId>>(position);
    if (score && popular) last_popular_ = {*score, *popular};
    if (day && time && added) last_added_ = {*day, *time, *added};
  }

  Task<void> offer_to(PageBuilder& page, std::span<const Ranked> popular,
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

 private:
  // The next of the latest, in reverse, if there are none left.
  Task<void> read_latest() {
    if (!latest_.empty() || all_read_ || looked_at_ >= most_latest) co_return;
    const auto page = co_await latest_from(store_, context_, last_added_, latest_at_a_time);
    all_read_ = page.state.empty();
    looked_at_ += page.rows.size();
    for (const LatestVideo& row : page.rows)
      if (!last_added_ || row.videoid != last_added_->video)
        latest_.push_back({row.yyyymmdd, row.added_date, row.videoid});
    std::ranges::reverse(latest_);
  }

  std::string position() const {
    std::optional<std::int64_t> score;
    std::optional<std::string> day;
    std::optional<Timestamp> time;
    std::optional<VideoId> popular, added;
    if (last_popular_) score = last_popular_->rank, popular = last_popular_->video;
    if (last_added_) day = last_added_->day, time = last_added_->added, added = last_added_->video;
    return position_in(ListPart::cold_start, score, popular, day, time, added);
  }

  storage::Store& store_;
  const Context& context_;
  std::optional<Ranked> last_popular_;
  std::optional<LatestPosition> last_added_;
  std::vector<LatestPosition> latest_;  // that come next, in reverse
  bool all_read_ = false;
  std::size_t looked_at_ = 0;
};

}  // namespace

Task<void> offer_cold_start(PageBuilder& page, storage::Store& store, const Context& context,
                            std::string_view position, std::span<const Ranked> popular,
                            std::span<const Ranked> shown) {
  ColdStart others(store, context, position);
  co_await others.offer_to(page, popular, shown);
}

}  // namespace killrvideo
