#include "search/follower.hpp"

#include <utility>

#include "catalog/tables.hpp"
#include "common/clock.hpp"
#include "common/log.hpp"
#include "common/time_limits.hpp"

namespace killrvideo {
namespace {

using namespace std::chrono_literals;

// For rows that appear late, and clocks of other processes.
constexpr auto overlap = time_limits::usually_visible_after;
constexpr auto deep_overlap = 24h;
constexpr auto deep_interval = 5min;
// Mostly there is nothing new, and the first page tells.
constexpr std::size_t rows_in_a_page = 50;

}  // namespace

void Follower::look() try {
  try_to_look();
  failing_ = false;
} catch (const std::exception& error) {
  if (!stopped_ && !std::exchange(failing_, true))
    log::warn("cannot look for new videos to be indexed", {{"error", error.what()}});
}

void Follower::try_to_look() {
  // Without an active index one is being built, and will have everything.
  const auto active = active_.current();
  if (!active || !index_.is_open()) return;
  const auto until = now();
  const bool deep = followed_ != active->indexid ||
                    std::chrono::steady_clock::now() - looked_deeply_at_ > deep_interval;
  const auto from = active->followed_to - (deep ? deep_overlap : overlap);
  // Up to the day that it may be by the clock of another process.
  const auto last = std::chrono::floor<std::chrono::days>(until + overlap);
  for (auto day = std::chrono::floor<std::chrono::days>(from); day <= last;
       day += std::chrono::days(1))
    look_at_day(day_of(day), from);
  if (deep) {
    followed_ = active->indexid;
    looked_deeply_at_ = std::chrono::steady_clock::now();
  }
  if (!active_.advance(active->indexid, until)) builder_.rebuild();
}

void Follower::look_at_day(const std::string& day, Timestamp from) {
  std::string state;
  for (;;) {
    if (stopped_) throw Error(Code::unavailable, "the program is being ended");
    storage::SliceQuery<> wanted{.size = rows_in_a_page, .state = std::move(state)};
    auto page = run(store_.slice(context_, latest_videos, {day}, std::move(wanted)));
    std::vector<LatestVideo> recent;
    for (auto& row : page.rows)
      if (row.added_date >= from) recent.push_back(std::move(row));
    updater_.refresh_now(differing(recent));
    if (page.state.empty() || recent.size() < page.rows.size()) return;
    state = std::move(page.state);
  }
}

// A video that comes back with other content has another date.
std::vector<VideoId> Follower::differing(std::span<const LatestVideo> rows) {
  std::vector<VideoId> ids;
  for (const auto& row : rows) ids.push_back(row.videoid);
  const auto entries = run(index_.entries(context_, ids));
  std::vector<VideoId> differing;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto& entry = entries[i];
    if (!entry || entry->added != rows[i].added_date) differing.push_back(ids[i]);
  }
  return differing;
}

}  // namespace killrvideo
