#include "catalog/visibility.hpp"

#include "common/clock.hpp"

namespace killrvideo {
namespace {

using namespace std::chrono_literals;

// The relay's delay_in_trouble: a call takes up to 30 s, and Cassandra replays its log of batches
// later.
constexpr auto visible_after = 90s;
// The clocks of two processes differ by less.
constexpr auto max_clock_skew = 30s;

}  // namespace

Task<void> require_visible(storage::Store& store, const Context& context, VideoId id,
                           Timestamp added) {
  const auto row = co_await store.get(context, videos, {id});
  const auto age = now() - added;
  if (!row && age < visible_after && age > -max_clock_skew)
    throw RowNotVisible("the row of video " + id.to_string() + " is not there yet");
}

}  // namespace killrvideo
