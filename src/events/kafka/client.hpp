// What producers and consumers share: owners of librdkafka's objects, configuration, and its log
// in ours.
#pragma once

#include <librdkafka/rdkafka.h>

#include <memory>
#include <string>

#include "events/kafka/options.hpp"

namespace killrvideo::kafka {

/// How long a thread that serves a client waits for it at a time, and so how soon it notices that
/// it must stop.
inline constexpr int poll_ms = 100;

template <auto destroy>
struct Destroy {
  void operator()(auto* object) const { destroy(object); }
};

/// Does not leave the consumer group. A consumer must leave it before, or its partitions wait for
/// the session timeout.
struct DestroyClient {
  void operator()(rd_kafka_t* client) const {
    rd_kafka_destroy_flags(client, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
  }
};

using Handle = std::unique_ptr<rd_kafka_t, DestroyClient>;
using Queue = std::unique_ptr<rd_kafka_queue_t, Destroy<rd_kafka_queue_destroy>>;
using ErrorPtr = std::unique_ptr<rd_kafka_error_t, Destroy<rd_kafka_error_destroy>>;
using EventPtr = std::unique_ptr<rd_kafka_event_t, Destroy<rd_kafka_event_destroy>>;
using MessagePtr = std::unique_ptr<rd_kafka_message_t, Destroy<rd_kafka_message_destroy>>;
using Partitions = std::unique_ptr<rd_kafka_topic_partition_list_t,
                                   Destroy<rd_kafka_topic_partition_list_destroy>>;

/// The configuration of one client.
class Conf {
 public:
  /// Starts from the settings that every client has. Throws as set() does.
  explicit Conf(const Options& options);

  /// Throws Error invalid_argument, with librdkafka's reason, if it rejects the value.
  Conf& set(const char* name, const std::string& value);
  rd_kafka_conf_t* get() { return conf_.get(); }

  /// Makes a client and consumes the configuration. Throws Error invalid_argument if it can never
  /// work, for example if a file is no certificate.
  Handle make(rd_kafka_type_t type) &&;

 private:
  std::unique_ptr<rd_kafka_conf_t, Destroy<rd_kafka_conf_destroy>> conf_;
};

}  // namespace killrvideo::kafka
