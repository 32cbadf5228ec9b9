#include "catalog/latest_days.hpp"

#include <set>

#include "catalog/stored_start.hpp"
#include "common/clock.hpp"
#include "common/concurrently.hpp"
#include "common/log.hpp"
#include "storage/bulk.hpp"

namespace killrvideo {
namespace {

using namespace std::chrono_literals;
using std::chrono::days;

constexpr std::size_t days_at_a_time = 16;
constexpr std::size_t rows_at_a_time = 1'000;
constexpr std::size_t looks_at_once = 32;
constexpr auto first_day = std::chrono::sys_days{2005y / 2 / 14};

// Those of `days` for which the look says so.
template <class Look>
Task<std::vector<std::string>> select_days(std::vector<std::string> days, Look look) {
  std::vector<char> selected(days.size());
  co_await concurrently(days.size(), looks_at_once, [&](std::size_t i) -> Task<void> {
    const bool yes = co_await look(days[i]);
    selected[i] = yes ? 1 : 0;
  });
  std::vector<std::string> found;
  for (std::size_t i = 0; i < days.size(); ++i)
    if (selected[i] != 0) found.push_back(std::move(days[i]));
  co_return found;
}

Task<void> insert_days(storage::Store& store, const Context& context, const char* scope,
                       const std::vector<std::string>& days) {
  storage::Batch batch;
  for (const std::string& day : days) batch.insert(latest_days, {scope, day});
  co_await store.write_non_atomic(context, std::move(batch));
}

}  // namespace

Task<bool> has_rows(storage::Store& store, const Context& context, std::string day) {
  storage::SliceQuery<> one{.size = 1};
  const auto slice = co_await store.slice(context, latest_videos, {std::move(day)}, std::move(one));
  co_return !slice.rows.empty();
}

std::array<std::string, 2> recent_days() {
  const Timestamp today = now();
  return {day_of(today), day_of(today - days(1))};
}

Task<std::string> LatestDays::before(std::string day) {
  const auto is_before = [&](const std::string& other) { return day.empty() || other < day; };
  for (;;) {
    while (next_ < known_.size() && !is_before(known_[next_].yyyymmdd)) ++next_;
    if (next_ < known_.size() || (started_ && state_.empty())) break;
    storage::SliceQuery<std::tuple<std::string>> wanted{.size = days_at_a_time, .state = state_};
    if (!started_ && !day.empty()) wanted.from = {day};
    auto slice = co_await store_.slice(context_, latest_days, {all_days}, std::move(wanted));
    known_ = std::move(slice.rows);
    state_ = std::move(slice.state);
    next_ = 0;
    started_ = true;
  }
  std::string newest = next_ < known_.size() ? known_[next_].yyyymmdd : std::string();
  for (const std::string& recent : recent_)
    if (is_before(recent) && recent > newest) newest = recent;
  co_return newest;
}

Task<void> forget_empty_days(storage::Store& store, const Context& context,
                             const std::vector<std::string>& days) {
  const auto recent = recent_days();
  std::vector<std::string> old;
  storage::Batch removal;
  for (const std::string& day : days) {
    if (std::ranges::find(recent, day) != recent.end()) continue;
    removal.remove(latest_days, {all_days, day});
    old.push_back(day);
  }
  if (old.empty()) co_return;
  try {
    co_await store.write_non_atomic(context, std::move(removal));
    // A writer adds a day together with its first video: if that came just before the removal, this
    // look sees the video.
    const auto used = co_await select_days(
        std::move(old), [&](const std::string& day) { return has_rows(store, context, day); });
    if (!used.empty()) co_await insert_days(store, context, all_days, used);
  } catch (const std::exception& error) {
    log::warn("cannot take empty days off the latest videos", {{"error", error.what()}});
  }
}

Task<void> list_all_days(storage::Store& store) {
  const Context context;
  std::set<std::string> found;
  std::string state;
  do {
    const auto page = co_await store.scan(context, latest_videos, state, rows_at_a_time);
    for (const LatestVideo& row : page.rows) found.insert(row.yyyymmdd);
    state = page.state;
  } while (!state.empty());
  if (!found.empty()) co_await insert_days(store, context, all_days, {found.begin(), found.end()});
}

Task<void> find_days(storage::Store& store, const Context& context) {
  const auto listed = co_await storage::all_rows(store, context, latest_days, {all_days});
  std::set<std::string> known;
  for (const LatestDay& day : listed) known.insert(day.yyyymmdd);
  std::vector<std::string> unknown;
  const auto tomorrow = std::chrono::floor<days>(now()) + days(1);
  for (auto day = first_day; day <= tomorrow; day += days(1))
    if (std::string name = day_of(day); !known.contains(name)) unknown.push_back(std::move(name));
  const auto found = co_await select_days(
      std::move(unknown), [&](const std::string& day) { return has_rows(store, context, day); });
  if (found.empty()) co_return;
  co_await insert_days(store, context, all_days, found);
  log::info("found days of the latest videos that other tools have written",
            {{"days", found.size()}});
}

Task<void> note_clamped_days(storage::Store& store, const Context& context,
                             const std::vector<LatestVideo>& rows) {
  std::set<std::string> met;
  for (const LatestVideo& row : rows) {
    const Timestamp clamped = clamp_time(row.added_date);
    if (may_be_clamped(clamped) && row.yyyymmdd != day_of(clamped)) met.insert(row.yyyymmdd);
  }
  if (met.empty()) co_return;
  const auto unknown =
      co_await select_days({met.begin(), met.end()}, [&](const std::string& day) -> Task<bool> {
        const auto row = co_await store.get(context, latest_days, {clamped_days, day});
        co_return !row;
      });
  if (!unknown.empty()) co_await insert_days(store, context, clamped_days, unknown);
}

}  // namespace killrvideo
