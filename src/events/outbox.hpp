// The outbox: events wait here, written in the same batch as the data that they tell of, until the
// relay has delivered them.
//
// A partition holds the events of one shard and one minute. So no partition is written to for
// longer than a minute, and once its minute is over and its events are delivered nobody reads it
// again: what deletes leave behind in it (Cassandra's tombstones, RocksDB's, too) is in nobody's
// way.
#pragma once

#include <google/protobuf/message.h>
#include <google/protobuf/timestamp.pb.h>

#include <boost/describe.hpp>
#include <string>

#include "common/uuid.hpp"
#include "storage/store.hpp"

namespace killrvideo {

/// Events of one key are in one shard, in the order of their ids.
struct OutboxEvent {
  std::int32_t shard = 0;
  std::int32_t minute = 0;  ///< of its id, since 1970
  TimeUuid eventid;
  Uuid key;               ///< the user or video that the event is about
  std::string type;       ///< the message's full name
  storage::Blob payload;  ///< the serialised message
  std::string trace;      ///< the span that has written it, as Trace writes it; empty: unknown

  bool operator==(const OutboxEvent&) const = default;
};
BOOST_DESCRIBE_STRUCT(OutboxEvent, (), (shard, minute, eventid, key, type, payload, trace))

inline const storage::Table<OutboxEvent,
                            storage::Partition<&OutboxEvent::shard, &OutboxEvent::minute>,
                            storage::Clustering<storage::Ascending<&OutboxEvent::eventid>>>
    outbox_events{"outbox_events", storage::AccessPattern::queue};

/// How far the relay has come with a shard: whatever was written to it before this time has been
/// delivered.
struct OutboxPosition {
  std::int32_t shard = 0;
  Timestamp position;
};
BOOST_DESCRIBE_STRUCT(OutboxPosition, (), (shard, position))

inline const storage::Table<OutboxPosition, storage::Partition<&OutboxPosition::shard>>
    outbox_positions{"outbox_positions"};

inline constexpr std::int32_t outbox_shards = 8;

std::int32_t outbox_minute(Timestamp time);

/// An event that is new now.
OutboxEvent new_event(const Uuid& key, std::string type, storage::Blob payload, std::string trace);

/// Adds an event to a batch of the work that `context` belongs to.
void add_event(const Context& context, storage::Batch& batch, const Uuid& key,
               const google::protobuf::Message& event);

}  // namespace killrvideo
