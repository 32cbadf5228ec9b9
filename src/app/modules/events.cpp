#include "app/modules/events.hpp"

#include "app/dead_letter_routes.hpp"

namespace killrvideo {
namespace {

using namespace std::chrono_literals;

// Of what other processes write, which is only seen by reading.
constexpr auto event_reading_interval = 250ms;
// What fills the batches that go to Kafka.
constexpr std::size_t records_in_flight = 1'000;

Relay::Options relay_options(const Config& config, const Topology& topology) {
  Relay::Options options;
  options.limits.retries.tries = config.event_tries;
  options.limits.in_flight = config.events_in_flight;
  options.limits.waiting = config.events_waiting;
  options.shared = topology.store_is_shared;
  if (options.shared) options.reading_interval = event_reading_interval;
  if (topology.events_over_kafka) {
    options.limits.retries.tries = 0;  // however long Kafka is away
    options.limits.in_flight = std::max(options.limits.in_flight, records_in_flight);
  }
  return options;
}

}  // namespace

EventsModule::EventsModule(storage::Store& store, const Config& config, const Topology& topology,
                           Metrics& metrics, const EventConsumers& consumers)
    : store_(store),
      config_(config),
      topology_(topology),
      metrics_(metrics),
      consumers_(consumers) {}

void EventsModule::add_routes(http::Routes& routes) { add_dead_letter_routes(routes, store_); }

// With Kafka, the relay hands events over to it. Handlers that must not run in several processes at
// a time are called by the one that may deliver, like those without Kafka.
void EventsModule::start() {
  run(make_outbox_positions(store_, Context{}));
  if (!topology_.delivers_events) return;
  if (topology_.events_over_kafka) kafka_.emplace(config_, metrics_);
  const auto handlers = event_handlers(store_, consumers_, topology_);
  relay_.emplace(store_, kafka_ ? kafka_->publishers() : handlers,
                 relay_options(config_, topology_), metrics_.events());
  if (kafka_) kafka_->consume(handlers, [this] { return relay_->delivers(); });
}

void EventsModule::stop() {
  if (kafka_) kafka_->stop();
  if (relay_) relay_->stop();
}

}  // namespace killrvideo
