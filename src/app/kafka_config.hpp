// The configuration of events over Kafka.
#pragma once

#include <filesystem>

#include "events/kafka/options.hpp"

namespace killrvideo {

struct KafkaConfig {
  kafka::Options options{};               ///< without its password; no servers: no Kafka
  std::filesystem::path password_file{};  ///< empty: there is none

  bool enabled() const { return !options.bootstrap_servers.empty(); }
};

}  // namespace killrvideo
