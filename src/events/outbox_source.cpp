#include "events/outbox_source.hpp"

namespace killrvideo {

Task<void> OutboxSource::acknowledge(const Context& context, std::span<const Receipt> delivered) {
  storage::Batch batch;
  for (const Receipt& receipt : delivered)
    batch.remove(outbox_events, {receipt.shard, receipt.minute, receipt.event});
  // Not atomically: on Cassandra a logged batch of so many partitions is expensive.
  co_await store_.write_non_atomic(context, std::move(batch));
}

Task<void> OutboxSource::move_to_dead_letters(const Context& context, const DeadLetter& dead,
                                              const Receipt& event) {
  storage::Batch batch;
  batch.insert(outbox_dead_letters, dead);
  batch.remove(outbox_events, {event.shard, event.minute, event.event});
  co_await store_.commit(context, std::move(batch));
}

}  // namespace killrvideo
