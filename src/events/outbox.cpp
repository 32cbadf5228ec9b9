#include "events/outbox.hpp"

namespace killrvideo {

std::int32_t outbox_minute(Timestamp time) {
  const auto minutes = std::chrono::floor<std::chrono::minutes>(time.time_since_epoch());
  return static_cast<std::int32_t>(minutes.count());
}

OutboxEvent new_event(const Uuid& key, std::string type, storage::Blob payload, std::string trace) {
  // The last byte of a UUID is random in every version that is in use.
  const std::int32_t shard = key.bytes.back() % outbox_shards;
  const auto id = TimeUuid::now();
  return {
      shard,           outbox_minute(id.timestamp()), id, key, std::move(type), std::move(payload),
      std::move(trace)};
}

void add_event(const Context& context, storage::Batch& batch, const Uuid& key,
               const google::protobuf::Message& event) {
  batch.insert(outbox_events,
               new_event(key, event.GetTypeName(), storage::Blob{event.SerializeAsString()},
                         context.trace().to_string()));
}

}  // namespace killrvideo
