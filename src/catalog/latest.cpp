#include "catalog/latest.hpp"

#include <limits>

#include "catalog/stored_start.hpp"
#include "common/concurrently.hpp"
#include "storage/listing.hpp"

namespace killrvideo {
namespace {

using Start = std::tuple<Timestamp, VideoId>;

// Days are looked up one at first, since most pages need one, then twice as many each time.
constexpr std::size_t most_days_at_a_time = 32;

/// Iterates over the days that have videos, newest first.
class Days {
 public:
  Days(storage::Store& store, const Context& context) : store_(store), context_(context) {}

  /// The newest day before `day` (empty: of all), or "" if there is none.
  Task<std::string> before(const std::string& day) {
    if (next_ == known_.size()) {
      known_ = co_await store_.partitions_before(context_, latest_videos, day, at_a_time_);
      next_ = 0;
      at_a_time_ = std::min(2 * at_a_time_, most_days_at_a_time);
    }
    co_return next_ < known_.size() ? known_[next_++] : std::string();
  }

 private:
  storage::Store& store_;
  const Context& context_;
  std::vector<std::string> known_;
  std::size_t next_ = 0;
  std::size_t at_a_time_ = 1;
};

// Where a page starts: a day, and a position in its partition.
struct Position {
  std::string day;
  std::string state;
  std::optional<Start> from{};
};

// The form of a Position in a paging token: the day, a zero byte, the state.
std::string write_position(const Position& position) {
  return position.day + '\0' + position.state;
}

Position read_position(const std::string& text) {
  auto zero = text.find('\0');
  return {text.substr(0, zero), text.substr(zero + 1)};
}

// A page from a position on; its state is a position, too.
Task<storage::Slice<LatestVideo>> page_from(storage::Store& store, const Context& context,
                                            Position position, std::size_t size) {
  Days days(store, context);
  AnswerRoom room;
  storage::Slice<LatestVideo> result;
  while (!position.day.empty() && result.rows.size() < size) {
    storage::SliceQuery<Start> wanted{size - result.rows.size(), position.from, position.state};
    auto page =
        co_await storage::slice_in<&LatestVideo::name, &LatestVideo::preview_image_location>(
            room, store, context, latest_videos, {position.day}, std::move(wanted));
    if (!page) break;
    std::ranges::move(page->rows, std::back_inserter(result.rows));
    position.state = page->state;
    if (!position.state.empty()) break;
    position.from.reset();
    position.day = co_await days.before(position.day);
  }
  if (!position.day.empty()) result.state = write_position(position);
  co_return result;
}

// Other tools may have put a time that interfaces cannot express into any day.
Task<Position> find_stored_start(storage::Store& store, const Context& context, Start start) {
  const auto [clamped, video] = start;
  const std::string own_day = day_of(clamped);
  const auto time = co_await stored_time(store, context, latest_videos, {own_day}, clamped, video);
  if (time) co_return Position{own_day, {}, {{*time, video}}};
  const auto days = co_await store.partitions_before(context, latest_videos, "",
                                                     std::numeric_limits<std::size_t>::max());
  std::vector<std::optional<Timestamp>> times(days.size());
  co_await concurrently(days.size(), most_days_at_a_time, [&](std::size_t i) -> Task<void> {
    times[i] = co_await stored_time(store, context, latest_videos, {days[i]}, clamped, video);
  });
  for (std::size_t i = 0; i < days.size(); ++i)
    if (const auto& added = times[i]) co_return Position{days[i], {}, {{*added, video}}};
  co_return Position{own_day, {}, start};
}

}  // namespace

Task<PageResult<LatestVideo>> list_latest(storage::Store& store, const Context& context,
                                          PageRequest<Start> request) {
  const std::size_t size = check_page_size(request.page_size);
  const Cursor cursor = storage::cursor_of("GetLatestVideoPreviews", request);
  Position position;
  if (!cursor.state().empty()) {
    position = read_position(cursor.state());
  } else if (!request.start) {
    position.day = co_await Days(store, context).before("");
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
    position.day = co_await Days(store, context).before("");
  }
  auto page = co_await page_from(store, context, std::move(position), size);
  co_return page;
}

}  // namespace killrvideo
