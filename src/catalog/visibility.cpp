#include "catalog/visibility.hpp"

#include "common/clock.hpp"
#include "common/time_limits.hpp"

namespace killrvideo {

Task<void> require_visible(storage::Store& store, const Context& context, VideoId id,
                           Timestamp added) {
  const auto row = co_await store.get(context, videos, {id});
  const auto age = now() - added;
  if (!row && age < time_limits::visible_after && age > -time_limits::clock_difference)
    throw RowNotVisible("the row of video " + id.to_string() + " is not there yet");
}

}  // namespace killrvideo
