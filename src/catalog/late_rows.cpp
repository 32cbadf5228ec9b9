#include "catalog/late_rows.hpp"

#include "common/clock.hpp"

namespace killrvideo {
namespace {

using namespace std::chrono_literals;

// As the relay's: a call and what Cassandra finishes of it from its log of batches.
constexpr auto longest_delay = 90s;
// Clocks of several processes differ by less.
constexpr auto clock_difference = 30s;

}  // namespace

Task<void> require_row(storage::Store& store, const Context& context, VideoId id, Timestamp added) {
  const auto row = co_await store.get(context, videos, {id});
  const auto age = now() - added;
  if (!row && age < longest_delay && age > -clock_difference)
    throw RowIsLate("the row of video " + id.to_string() + " is not there yet");
}

}  // namespace killrvideo
