// Events over Kafka, as configured: the relay hands them over, consumers take them to the handlers.
#pragma once

#include <google/protobuf/message.h>

#include <functional>
#include <memory>
#include <vector>

#include "app/config.hpp"
#include "events/kafka/consumer.hpp"
#include "events/kafka/publisher.hpp"

namespace killrvideo {

class Metrics;

/// Throws Error invalid_argument that names the setting if something is missing, does not go
/// together or cannot be used.
void check_kafka(const KafkaConfig& config);

class EventsOverKafka {
 public:
  /// Begins to look for Kafka. The metrics outlive this. REQUIRES: Kafka is configured, and
  /// check_kafka() has found nothing.
  EventsOverKafka(const Config& config, Metrics& metrics);

  /// What the relay is to call for each event. This outlives them.
  EventHandlers publishers() { return kafka::publishers(producer_); }

  /// Produces a message that has a topic; ends when the brokers have it. Throws as
  /// kafka::Producer::send does.
  Task<void> publish(const Context& context, const Uuid& key,
                     const google::protobuf::Message& message);

  /// Has a consumer group for each name of `handlers` take what is on Kafka to them: of those that
  /// may not run in parallel while `may_consume`, which any thread may ask, says so.
  void consume(const EventHandlers& handlers, const std::function<bool()>& may_consume);

  /// Returns when the handlers that are at work have ended; what Kafka has not taken is given up
  /// after a moment.
  void stop();

 private:
  const kafka::Options options_;
  const Deliveries::Limits limits_;
  EventMetrics& event_metrics_;
  kafka::Metrics metrics_;
  kafka::Producer producer_;
  std::vector<std::unique_ptr<kafka::Consumer>> consumers_;
};

}  // namespace killrvideo
