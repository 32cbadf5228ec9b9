// The delivery of events.
#pragma once

#include <optional>

#include "app/config.hpp"
#include "app/event_handlers.hpp"
#include "app/kafka.hpp"
#include "app/metrics.hpp"
#include "app/modules/module.hpp"
#include "app/topology.hpp"
#include "common/required.hpp"
#include "events/relay.hpp"

namespace killrvideo {

class EventsModule final : public Module {
 public:
  /// Handlers use `consumers`, which outlive this.
  EventsModule(storage::Store& store, const Config& config, const Topology& topology,
               Metrics& metrics, const EventConsumers& consumers);

  void add_routes(http::Routes& routes) override;
  void start() override;
  void stop() override;

  /// Passes on a message to the consumers of its topic, in whichever process. REQUIRES: events go
  /// over Kafka, and this has been started.
  Task<void> publish(const Context& context, const Uuid& key,
                     const google::protobuf::Message& message) {
    return required(kafka_).publish(context, key, message);
  }

  /// Whether this process delivers events now. Any thread, from the end of start() on.
  bool delivers() const { return relay_ && relay_->delivers(); }

 private:
  storage::Store& store_;
  const Config& config_;
  const Topology topology_;
  Metrics& metrics_;
  const EventConsumers consumers_;
  std::optional<EventsOverKafka> kafka_;
  std::optional<Relay> relay_;
};

}  // namespace killrvideo
