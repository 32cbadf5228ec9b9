// The outbox: a table of events, written in the same batch as the data that they are about. They
// stay until the relay has delivered them. It is a minute queue (storage/minute_queue.hpp).
#pragma once

#include <google/protobuf/message.h>
#include <google/protobuf/timestamp.pb.h>

#include <boost/describe.hpp>
#include <string>

#include "common/uuid.hpp"
#include "storage/minute_queue.hpp"

namespace killrvideo {

/// Events of one key are in one shard, in the order of their ids.
struct OutboxEvent {
  std::int32_t shard = 0;
  std::int32_t minute = 0;  ///< of its id, since 1970
  TimeUuid eventid;
  Uuid key;               ///< the user or video that the event is about
  std::string type;       ///< the message's full name
  storage::Blob payload;  ///< the serialised message
  std::string trace;      ///< the span that wrote it, in the format of Trace; empty: unknown

  bool operator==(const OutboxEvent&) const = default;
};
BOOST_DESCRIBE_STRUCT(OutboxEvent, (), (shard, minute, eventid, key, type, payload, trace))

inline const storage::Table<OutboxEvent,
                            storage::Partition<&OutboxEvent::shard, &OutboxEvent::minute>,
                            storage::Clustering<storage::Ascending<&OutboxEvent::eventid>>>
    outbox_events{"outbox_events", storage::AccessPattern::queue};

/// An event with a new id.
OutboxEvent new_event(const Uuid& key, std::string type, storage::Blob payload, std::string trace);

/// Adds an event to a batch, with the trace of `context`.
void add_event(const Context& context, storage::Batch& batch, const Uuid& key,
               const google::protobuf::Message& event);

}  // namespace killrvideo
