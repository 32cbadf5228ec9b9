#include "events/outbox.hpp"

namespace killrvideo {

OutboxEvent new_event(const Uuid& key, std::string type, storage::Blob payload, std::string trace) {
  const auto id = TimeUuid::now();
  return {storage::shard_of(key),
          storage::minute_of(id.timestamp()),
          id,
          key,
          std::move(type),
          std::move(payload),
          std::move(trace)};
}

void add_event(const Context& context, storage::Batch& batch, const Uuid& key,
               const google::protobuf::Message& event) {
  batch.insert(outbox_events,
               new_event(key, event.GetTypeName(), storage::Blob{event.SerializeAsString()},
                         context.trace().to_string()));
}

}  // namespace killrvideo
