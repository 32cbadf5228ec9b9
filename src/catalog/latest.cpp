#include "catalog/latest.hpp"

#include "catalog/latest_days.hpp"
#include "catalog/stored_start.hpp"
#include "common/concurrently.hpp"
#include "storage/bulk.hpp"
#include "storage/listing.hpp"
#include "storage/position.hpp"

namespace killrvideo {
namespace {

using Start = std::tuple<Timestamp, VideoId>;

constexpr std::size_t days_at_once = 32;

// Where a page starts: a day, and a position in its partition.
struct Position {
  std::string day;
  std::string state;
  std::optional<Start> from{};
};

// A page from a position on; its state is a position, too.
Task<storage::Slice<LatestVideo>> page_from(storage::Store& store, const Context& context,
                                            Position position, std::size_t size) {
  LatestDays days(store, context);
  std::vector<std::string> empty_days;
  AnswerRoom room;
  storage::Slice<LatestVideo> result;
  while (!position.day.empty() && result.rows.size() < size) {
    storage::SliceQuery<Start> wanted{size - result.rows.size(), position.from, position.state};
    auto page =
        co_await storage::slice_in<&LatestVideo::name, &LatestVideo::preview_image_location>(
            room, store, context, latest_videos, {position.day}, std::move(wanted));
    if (!page) break;
    if (page->rows.empty() && position.state.empty() && !position.from)
      empty_days.push_back(position.day);
    std::ranges::move(page->rows, std::back_inserter(result.rows));
    position.state = page->state;
    if (!position.state.empty()) break;
    position.from.reset();
    position.day = co_await days.before(position.day);
  }
  // A token says that more rows follow.
  while (!position.day.empty() && position.state.empty() && !position.from) {
    if (co_await has_rows(store, context, position.day)) break;
    empty_days.push_back(position.day);
    position.day = co_await days.before(position.day);
  }
  if (!position.day.empty()) result.state = storage::encode_position(position.day, position.state);
  co_await forget_empty_days(store, context, empty_days);
  co_await note_clamped_days(store, context, result.rows);
  co_return result;
}

// Other tools may have put a time that interfaces cannot express into any day. Those from which a
// row was answered were noted.
Task<Position> find_stored_start(storage::Store& store, const Context& context, Start start) {
  const auto [clamped, video] = start;
  const std::string own_day = day_of(clamped);
  const auto time = co_await stored_time(store, context, latest_videos, {own_day}, clamped, video);
  if (time) co_return Position{own_day, {}, {{*time, video}}};
  const auto days = co_await storage::all_rows(store, context, latest_days, {clamped_days});
  std::vector<std::optional<Timestamp>> times(days.size());
  co_await concurrently(days.size(), days_at_once, [&](std::size_t i) -> Task<void> {
    times[i] =
        co_await stored_time(store, context, latest_videos, {days[i].yyyymmdd}, clamped, video);
  });
  for (std::size_t i = 0; i < days.size(); ++i)
    if (const auto& added = times[i]) co_return Position{days[i].yyyymmdd, {}, {{*added, video}}};
  co_return Position{own_day, {}, start};
}

}  // namespace

Task<PageResult<LatestVideo>> list_latest(storage::Store& store, const Context& context,
                                          PageRequest<Start> request) {
  const std::size_t size = check_page_size(request.page_size);
  const Cursor cursor = storage::cursor_of("GetLatestVideoPreviews", request);
  Position position;
  if (!cursor.state().empty()) {
    std::tie(position.day, position.state) =
        storage::decode_position<std::string, std::string>(cursor.state());
  } else if (!request.start) {
    position.day = co_await LatestDays(store, context).before("");
  } else if (const auto time = std::get<Timestamp>(*request.start); may_be_clamped(time)) {
    position = co_await find_stored_start(store, context, *request.start);
  } else {
    position = {day_of(time), {}, request.start};
  }
  auto page = co_await page_from(store, context, std::move(position), size);
  std::string token = cursor.token(page.state);
  co_return PageResult<LatestVideo>{std::move(page.rows), std::move(token)};
}

Task<storage::Slice<LatestVideo>> latest_from(storage::Store& store, const Context& context,
                                              std::optional<LatestPosition> from,
                                              std::size_t size) {
  Position position;
  if (from) {
    position = {from->day, {}, {{from->added, from->video}}};
  } else {
    position.day = co_await LatestDays(store, context).before("");
  }
  co_return co_await page_from(store, context, std::move(position), size);
}

}  // namespace killrvideo
