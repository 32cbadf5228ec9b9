#include "catalog/latest.hpp"

#include "common/validate.hpp"

namespace killrvideo {
namespace {

using Start = std::tuple<Timestamp, VideoId>;

// Days are looked up one first, as a page mostly needs no more, then twice as many each time.
constexpr std::size_t most_days_at_a_time = 32;

/// Hands out the days that have videos, newest first.
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

// Where a page begins: a day, and a place in its partition.
struct Place {
  std::string day;
  std::string state;
};

// The form that a Place has in a paging token: the day, a zero byte, the state.
std::string write_place(const Place& place) { return place.day + '\0' + place.state; }

Place read_place(const std::string& text) {
  auto zero = text.find('\0');
  return {text.substr(0, zero), text.substr(zero + 1)};
}

}  // namespace

Task<PageResult<LatestVideo>> list_latest(storage::Store& store, const Context& context,
                                          PageRequest<Start> request) {
  const std::size_t size = check_page_size(request.page_size);
  std::optional<std::string> start;
  if (request.start) start = storage::values_from(*request.start).bytes();
  Cursor cursor("GetLatestVideoPreviews", start, request.paging_state);
  Days days(store, context);

  Place place;
  std::optional<Start> from;
  if (!cursor.state().empty()) {
    place = read_place(cursor.state());
  } else if (request.start) {
    place.day = day_of(std::get<Timestamp>(*request.start));
    from = request.start;
  } else {
    place.day = co_await days.before("");
  }

  PageResult<LatestVideo> result;
  while (!place.day.empty() && result.rows.size() < size) {
    storage::PageOf<Start> wanted{size - result.rows.size(), from, place.state};
    auto page = co_await store.page(context, latest_videos, {place.day}, std::move(wanted));
    std::ranges::move(page.rows, std::back_inserter(result.rows));
    place.state = page.state;
    if (!page.state.empty()) break;
    from.reset();
    place.day = co_await days.before(place.day);
  }
  if (!place.day.empty()) result.paging_state = cursor.token(write_place(place));
  co_return result;
}

}  // namespace killrvideo
