#include "catalog/late_rows.hpp"

#include "common/clock.hpp"

namespace killrvideo {
namespace {

using namespace std::chrono_literals;

// As the relay's: a call and what Cassandra finishes of it from its log of batches.
constexpr auto longest_delay = 90s;

}  // namespace

Task<void> require_row(storage::Store& store, const Context& context, VideoId id, Timestamp added) {
  const auto row = co_await store.get(context, videos, {id});
  if (!row && now() - added < longest_delay)
    throw Error(Code::not_found, "the row of video " + id.to_string() + " is not there yet");
}

}  // namespace killrvideo
