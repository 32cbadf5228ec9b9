// The outbox: events wait here, written in the same batch as the data that they tell of.
#pragma once

#include <google/protobuf/message.h>
#include <google/protobuf/timestamp.pb.h>

#include <boost/describe.hpp>
#include <string>

#include "common/uuid.hpp"
#include "storage/store.hpp"

namespace killrvideo {

/// Events of one key stay in order: they are in one shard, in the order of their ids.
struct OutboxEvent {
  std::int32_t shard;
  TimeUuid eventid;
  Uuid key;               ///< the user or video that the event is about
  std::string type;       ///< the message's full name
  storage::Blob payload;  ///< the serialised message
};
BOOST_DESCRIBE_STRUCT(OutboxEvent, (), (shard, eventid, key, type, payload))

inline constexpr std::int32_t outbox_shards = 16;
inline const storage::Table<OutboxEvent, storage::Partition<&OutboxEvent::shard>,
                            storage::Clustering<storage::Ascending<&OutboxEvent::eventid>>>
    outbox{"outbox"};

/// Adds an event to a batch.
void add_event(storage::Batch& batch, const Uuid& key, const google::protobuf::Message& event);

}  // namespace killrvideo
