// Handing events over to Kafka.
#pragma once

#include "events/handlers.hpp"
#include "events/kafka/producer.hpp"

namespace killrvideo::kafka {

/// Handlers, all named "kafka", that produce each event to its topic and have taken it when the
/// brokers have. The producer outlives them. Throws Error internal that names an event without a
/// topic, if there is one.
EventHandlers publishers(Producer& producer);

}  // namespace killrvideo::kafka
