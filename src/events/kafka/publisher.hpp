// Events as records, and handlers that produce them to Kafka.
#pragma once

#include "events/handlers.hpp"
#include "events/kafka/producer.hpp"

namespace killrvideo::kafka {

/// The record of an event, on the topic of its type, produced by the span `trace`.
Record record_of(const OutboxEvent& event, const Trace& trace);

/// Handlers, all named "kafka", that produce each event to its topic and return when the brokers
/// have it. The producer outlives them. Throws Error internal if an event has no topic, and names
/// it.
EventHandlers publishers(Producer& producer);

}  // namespace killrvideo::kafka
