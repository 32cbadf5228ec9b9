#include "events/kafka/client.hpp"

#include <array>
#include <tuple>

#include "common/error.hpp"
#include "common/log.hpp"

namespace killrvideo::kafka {
namespace {

// The levels are syslog's. librdkafka retries by itself after its warnings; producers and consumers
// log the consequences for events.
void write_log(const rd_kafka_t*, int level, const char* facility, const char* text) {
  constexpr int error = 3;
  if (level < error) {
    log::error("Kafka's client", {{"facility", facility}, {"message", text}});
  } else {
    log::debug("Kafka's client", {{"facility", facility}, {"message", text}});
  }
}

std::string protocol(const Options& options) {
  return std::string(options.sasl_mechanism.empty() ? "" : "sasl_") +
         (options.tls ? "ssl" : "plaintext");
}

}  // namespace

Conf::Conf(const Options& options) : conf_(rd_kafka_conf_new()) {
  set("client.id", "killrvideo");
  set("bootstrap.servers", to_string(options.bootstrap_servers));
  set("security.protocol", protocol(options));
  if (!options.ca.empty()) set("ssl.ca.location", options.ca.string());
  if (!options.certificate.empty()) {
    set("ssl.certificate.location", options.certificate.string());
    set("ssl.key.location", options.key.string());
  }
  if (!options.sasl_mechanism.empty()) {
    set("sasl.mechanism", options.sasl_mechanism);
    set("sasl.username", options.username);
    set("sasl.password", options.password);
  }
  // Reconnects soon after a broker returns.
  set("reconnect.backoff.max.ms", "2000");
  rd_kafka_conf_set_log_cb(conf_.get(), write_log);
}

Conf& Conf::set(const char* name, const std::string& value) {
  std::array<char, 512> reason{};
  if (rd_kafka_conf_set(conf_.get(), name, value.c_str(), reason.data(), reason.size()) !=
      RD_KAFKA_CONF_OK)
    throw Error(Code::invalid_argument, reason.data());
  return *this;
}

Handle Conf::make(rd_kafka_type_t type) && {
  std::array<char, 512> reason{};
  Handle client(rd_kafka_new(type, conf_.get(), reason.data(), reason.size()));
  if (!client) throw Error(Code::invalid_argument, reason.data());
  std::ignore = conf_.release();  // the client owns it now
  return client;
}

}  // namespace killrvideo::kafka
