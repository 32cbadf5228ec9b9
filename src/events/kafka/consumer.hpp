// A member of a consumer group: has the handlers of one name take what is on their topics.
//
// Records of one key are handled in order, of different keys at the same time, as the deliveries
// see to. Offsets are committed up to the first record that is not handled yet. Before partitions
// are given up, because another member comes or this one ends, the handlers that are at work finish
// and what they have done is committed: so the next member begins where this one has ended. What a
// member does not commit, because it is killed, comes again.
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
  /// Begins to consume, for as long as `may_consume` says so, which any thread may ask at any time.
  /// Waits for the topics and for Kafka. Throws Error invalid_argument if the options can never
  /// work. What is given outlives this, handlers too.
  Consumer(const Options& options, const std::string& name, const EventHandlers& handlers,
           const Deliveries::Limits& limits, Producer& producer, EventMetrics& event_metrics,
           Metrics& metrics, std::function<bool()> may_consume);
  Consumer(const Consumer&) = delete;
  Consumer& operator=(const Consumer&) = delete;
  /// Leaves the group when the handlers that are at work have ended and that is committed.
  ~Consumer() = default;

  /// Begins to end, and does not wait for it.
  void request_stop() { thread_.request_stop(); }

 private:
  using Clock = std::chrono::steady_clock;
  using Partition = RecordSource::Partition;

  // What there is for as long as partitions are assigned.
  struct Assignment {
    Assignment(const Consumer& of, rd_kafka_topic_partition_list_t* partitions);

    Partitions partitions;
    RecordSource source;
    Deliveries deliveries;  // ends before its source does
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

  // Of the thread alone, in which Kafka's client calls back, too.
  Handle client_;
  std::unique_ptr<Assignment> assignment_;
  std::optional<OutboxEvent> held_;  // for which there was no room; the partitions are paused
  std::map<Partition, std::int64_t> committed_;
  Clock::time_point next_commit_{};
  std::string told_;
  bool failed_ = false;  // to take partitions or give them up: the client begins anew

  std::jthread thread_;
};

}  // namespace killrvideo::kafka
