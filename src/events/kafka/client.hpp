// What is the same of all that speaks with Kafka: librdkafka's objects as owned ones,
// configuration, its log in ours.
#pragma once

#include <librdkafka/rdkafka.h>

#include <memory>
#include <string>

#include "events/kafka/options.hpp"

namespace killrvideo::kafka {

/// How long a thread that serves a client waits for it at a time: so soon it notices that it is to
/// end.
inline constexpr int poll_ms = 100;

template <auto destroy>
struct Destroy {
  void operator()(auto* object) const { destroy(object); }
};

/// A consumer is to have left its group before: else its partitions wait until it is missed.
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

/// Configuration of one client.
class Conf {
 public:
  /// With what every client has. Throws as set() does.
  explicit Conf(const Options& options);

  /// Throws Error invalid_argument with what librdkafka says if it does not take the value.
  Conf& set(const char* name, const std::string& value);
  rd_kafka_conf_t* get() { return conf_.get(); }

  /// A client with this configuration, which is then spent. Throws Error invalid_argument if it
  /// can never work, such as a file that is no certificate.
  Handle make(rd_kafka_type_t type) &&;

 private:
  std::unique_ptr<rd_kafka_conf_t, Destroy<rd_kafka_conf_destroy>> conf_;
};

}  // namespace killrvideo::kafka
