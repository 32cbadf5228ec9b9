#include "events/kafka/publisher.hpp"

#include "events/kafka/topics.hpp"
#include "events/types.hpp"

namespace killrvideo::kafka {

EventHandlers publishers(Producer& producer) {
  EventHandlers handlers;
  const auto types = event_types();
  require_topics(types);
  for (const std::string& type : types)
    handlers.on(type, {"kafka", [&producer](const Context& context, const OutboxEvent& event) {
                         return producer.send({topic_of(event.type),
                                               event.key.to_string(),
                                               event.payload.bytes,
                                               {{type_header, event.type},
                                                {event_header, event.eventid.to_string()},
                                                {Trace::header, context.trace().to_string()}}});
                       }});
  return handlers;
}

}  // namespace killrvideo::kafka
