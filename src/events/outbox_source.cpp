#include "events/outbox_source.hpp"

namespace killrvideo {

Task<void> OutboxSource::take_off(const Context& context, std::span<const Place> delivered) {
  storage::Batch batch;
  for (const Place& place : delivered)
    batch.remove(outbox_events, {place.shard, place.minute, place.event});
  // Not as one: on Cassandra a logged batch of so many partitions is a burden.
  co_await store_.write_non_atomic(context, std::move(batch));
}

Task<void> OutboxSource::bury(const Context& context, const DeadLetter& dead, const Place& event) {
  storage::Batch batch;
  batch.insert(outbox_dead_letters, dead);
  batch.remove(outbox_events, {event.shard, event.minute, event.event});
  co_await store_.commit(context, std::move(batch));
}

}  // namespace killrvideo
