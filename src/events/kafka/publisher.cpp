#include "events/kafka/publisher.hpp"

#include "events/kafka/topics.hpp"
#include "events/types.hpp"

namespace killrvideo::kafka {

Record record_of(const OutboxEvent& event, const Trace& trace) {
  return {topic_of(event.type),
          event.key.to_string(),
          event.payload.bytes,
          {{type_header, event.type},
           {event_header, event.eventid.to_string()},
           {Trace::header, trace.to_string()}}};
}

EventHandlers publishers(Producer& producer) {
  EventHandlers handlers;
  const auto types = event_types();
  require_topics(types);
  for (const std::string& type : types)
    handlers.on(type, {"kafka", [&producer](const Context& context, const OutboxEvent& event) {
                         return producer.send(record_of(event, context.trace()));
                       }});
  return handlers;
}

}  // namespace killrvideo::kafka
