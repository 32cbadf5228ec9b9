// A producer to Kafka: idempotent, acknowledged by all in-sync replicas.
//
// Records wait while Kafka is unavailable, and the records of a partition stay in order. Missing
// topics are created before the first record is sent; several processes may do so concurrently.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "common/task.hpp"
#include "events/kafka/client.hpp"
#include "events/kafka/metrics.hpp"

namespace killrvideo::kafka {

using Headers = std::vector<std::pair<std::string, std::string>>;

struct Record {
  std::string topic;
  std::string key;
  std::string value;
  Headers headers;
};

class Producer {
 public:
  /// Starts to connect, and creates the topics when Kafka is reachable. Throws Error
  /// invalid_argument if the options can never work. The metrics outlive this.
  Producer(const Options& options, std::vector<std::string> topics, Metrics& metrics);
  Producer(const Producer&) = delete;
  Producer& operator=(const Producer&) = delete;
  /// Closes as close() does. REQUIRES: no send() is running except those that close() fails.
  ~Producer();

  /// Returns when the brokers have the record, however long that takes. Throws invalid_argument if
  /// they will never accept it, and unavailable if the outcome is unknown. The caller resumes in a
  /// thread of the producer, which it must not block. Any thread.
  Task<void> send(Record record);

  /// Whether all topics exist. Any thread.
  bool has_topics() const;

  /// Accepts no more records, and fails those that the brokers have not accepted within `patience`.
  /// Returns at once. Any thread.
  void close(std::chrono::milliseconds patience);

 private:
  struct Pending {
    Record record;
    Resume<rd_kafka_resp_err_t> done;
  };
  using Clock = std::chrono::steady_clock;

  Handle make_client() const;
  bool is_closed() const;
  void accept(std::unique_ptr<Pending> pending);
  rd_kafka_resp_err_t hand_over(std::unique_ptr<Pending>& pending);

  void work(const std::stop_token& stop);
  void serve(rd_kafka_event_t* event);
  void delivered(rd_kafka_event_t* event);
  void ask_for_topics();
  void topics_answered(rd_kafka_event_t* event);
  void release_waiting();
  void failed(rd_kafka_resp_err_t error, const std::string& why);
  void away();
  void reached();
  void look_at(const char* statistics);
  void give_up_in_time();
  void replace_if_broken();

  const Options options_;
  const std::vector<std::string> topics_;
  Metrics& metrics_;

  mutable std::mutex mutex_;
  Handle client_;  // replaced after a fatal error
  bool topics_there_ = false;
  bool closed_ = false;
  Clock::time_point give_up_at_ = Clock::time_point::max();
  std::vector<std::unique_ptr<Pending>> waiting_;  // until the topics exist

  // Used by the thread alone.
  Queue queue_;
  bool asking_ = false;
  Clock::time_point ask_again_{};
  enum class State { starting, reachable, away } state_ = State::starting;
  std::string last_error_;
  std::string refusal_;  // the last error about topics that was logged

  std::jthread thread_;
};

}  // namespace killrvideo::kafka
