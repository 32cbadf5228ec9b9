#include "events/outbox.hpp"

namespace killrvideo {

void add_event(storage::Batch& batch, const Uuid& key, const google::protobuf::Message& event) {
  // The last byte of a UUID is random in every version that is in use.
  std::int32_t shard = key.bytes.back() % outbox_shards;
  batch.insert(outbox, OutboxEvent{shard, TimeUuid::now(), key, event.GetTypeName(),
                                   storage::Blob{event.SerializeAsString()}});
}

}  // namespace killrvideo
