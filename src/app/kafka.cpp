#include "app/kafka.hpp"

#include "app/metrics.hpp"
#include "app/password_file.hpp"
#include "common/expects.hpp"
#include "common/log.hpp"
#include "events/kafka/topics.hpp"

namespace killrvideo {
namespace {

using namespace std::chrono_literals;

// At the end: as long as a broker that is there ever takes, and a small part of the usual grace.
constexpr auto patience = 2s;

kafka::Options with_password(const KafkaConfig& config) {
  expects(config.enabled(), "Kafka is configured");
  auto options = config.options;
  if (!options.sasl_mechanism.empty())
    options.password = login_password("kafka", options.username, config.password_file);
  return options;
}

std::vector<std::string> all_topics(const kafka::Options& options) {
  auto topics = kafka::topics_of(kafka::types_with_topics());
  topics.push_back(options.dead_letter_topic);
  return topics;
}

// The setting that librdkafka complains of, which has names of its own for them.
std::string setting_in(std::string_view complaint) {
  static constexpr std::pair<std::string_view, std::string_view> settings[]{
      {"ssl.ca", "kafka-tls-ca"},
      {"ssl.certificate", "kafka-tls-certificate"},
      {"ssl.key", "kafka-tls-key"},
      {"rivate key", "kafka-tls-key"},
      {"ssl", "kafka-tls"}};
  for (const auto& [theirs, ours] : settings)
    if (complaint.contains(theirs)) return std::string(ours);
  return "kafka-bootstrap-servers";
}

// Before 2.6.1 it repeats a part of the nonce (librdkafka's pull request 4895), which only brokers
// before 4.0 tolerate.
void warn_of_scram(const kafka::Options& options) {
  constexpr int mended = 0x02060100;
  if (!options.sasl_mechanism.starts_with("SCRAM") || rd_kafka_version() >= mended) return;
  log::warn(
      "this librdkafka can log in with SCRAM to brokers before Kafka 4.0 only: others refuse the "
      "right password, and need kafka-sasl-mechanism plain with kafka-tls, or a certificate",
      {{"librdkafka", rd_kafka_version_str()}, {"mended-in", "2.6.1"}});
}

void check_login(const kafka::Options& options) {
  if (options.sasl_mechanism.empty()) {
    if (!options.username.empty())
      throw invalid("kafka-username", "is for logging in: set kafka-sasl-mechanism");
    return;
  }
  if (options.username.empty())
    throw invalid("kafka-username", "missing: kafka-sasl-mechanism needs a user");
}

}  // namespace

void check_kafka(const KafkaConfig& config) {
  if (!config.enabled()) return;
  check_client_tls("kafka-tls", config.options.tls, config.options);
  check_login(config.options);
  auto options = with_password(config);
  options.bootstrap_servers.clear();  // for a look at the files; nobody is spoken with
  try {
    kafka::Conf(options).make(RD_KAFKA_PRODUCER);
  } catch (const Error& error) {
    throw invalid(setting_in(error.what()), error.what());
  }
}

EventsOverKafka::EventsOverKafka(const Config& config, Metrics& metrics)
    : options_(with_password(config.kafka)),
      limits_{.retries = {.tries = config.event_tries},
              .in_flight = config.events_in_flight,
              .waiting = config.events_waiting},
      event_metrics_(metrics.events()),
      metrics_(metrics.registry()),
      producer_(options_, all_topics(options_), metrics_) {
  warn_of_scram(options_);
}

void EventsOverKafka::consume(const EventHandlers& handlers,
                              const std::function<bool()>& may_consume) {
  for (const std::string& name : handlers.names()) {
    const auto* sharing = handlers.sharing_of(name);
    auto limits = limits_;
    if (sharing && sharing->unlimited_tries) limits.retries.tries = 0;
    consumers_.push_back(std::make_unique<kafka::Consumer>(
        options_, name, handlers, limits, producer_, event_metrics_, metrics_,
        sharing ? sharing->may_run : may_consume));
  }
}

Task<void> EventsOverKafka::publish(const Context& context, const Uuid& key,
                                    const google::protobuf::Message& message) {
  const OutboxEvent event =
      new_event(key, message.GetTypeName(), {message.SerializeAsString()}, {});
  co_await producer_.send(kafka::record_of(event, context.trace()));
}

void EventsOverKafka::stop() {
  for (auto& consumer : consumers_) consumer->request_stop();
  producer_.close(patience);
  consumers_.clear();
}

}  // namespace killrvideo
