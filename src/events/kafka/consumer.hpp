// A member of a consumer group: gives the records of some topics to the handlers of one name.
//
// Deliveries handles records of one key in order and records of different keys concurrently.
// Offsets are committed up to the first record that is not handled. Before partitions are given up,
// because another member joins or this one stops, the running handlers finish and their records are
// committed, so that the next member starts there. Records that a killed member did not commit come
// again.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "events/kafka/record_source.hpp"

namespace killrvideo::kafka {

class Consumer {
 public:
  /// Starts to consume, while `may_consume` returns true; any thread may call it at any time. Waits
  /// for the topics and for Kafka. Throws Error invalid_argument if the options can never work. All
  /// arguments by reference outlive this, and so does what the handlers use.
  Consumer(const Options& options, const std::string& name, const EventHandlers& handlers,
           const Deliveries::Limits& limits, Producer& producer, EventMetrics& event_metrics,
           Metrics& metrics, std::function<bool()> may_consume);
  Consumer(const Consumer&) = delete;
  Consumer& operator=(const Consumer&) = delete;
  /// Leaves the group when the running handlers have returned and their records are committed.
  ~Consumer() = default;

  /// Asks it to stop, and does not wait.
  void request_stop() { thread_.request_stop(); }

 private:
  using Clock = std::chrono::steady_clock;
  using Partition = RecordSource::Partition;

  // Exists while partitions are assigned.
  struct Assignment {
    Assignment(const Consumer& of, rd_kafka_topic_partition_list_t* partitions);

    Partitions partitions;
    RecordSource source;
    Deliveries deliveries;  // destroyed before its source
  };

  Handle make_client();
  void work(const std::stop_token& stop);
  void consume(const std::stop_token& stop);
  void leave();
  bool may_go_on(const std::stop_token& stop) const;
  void poll();
  void take(MessagePtr message);
  bool offer(OutboxEvent& event);
  void resume_if_room();
  void tell(const std::string& error);
  static void rebalanced(rd_kafka_t* client, rd_kafka_resp_err_t what,
                         rd_kafka_topic_partition_list_t* partitions, void* self);
  void assigned(rd_kafka_topic_partition_list_t* partitions);
  void revoked();
  Partitions uncommitted();
  void commit_in_time();
  void commit_now();
  void show_lag();

  const Options options_;
  const std::string group_;
  const EventHandlers handlers_;
  const std::vector<std::string> topics_;
  const Deliveries::Limits limits_;
  Producer& producer_;
  EventMetrics& event_metrics_;
  Metrics& metrics_;
  const std::function<bool()> may_consume_;

  // Used by the thread alone, in which Kafka's client calls back, too.
  Handle client_;
  std::unique_ptr<Assignment> assignment_;
  std::optional<OutboxEvent> held_;  // had no room; the partitions are paused
  std::map<Partition, std::int64_t> committed_;
  Clock::time_point next_commit_{};
  std::string told_;
  bool failed_ = false;  // taking partitions or giving them up failed: a new client is made

  std::jthread thread_;
};

}  // namespace killrvideo::kafka
