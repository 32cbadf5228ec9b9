// Metrics of events over Kafka:
//   killrvideo_kafka_reachable                        1 if a broker answers, 0 if none does
//   killrvideo_kafka_produced_total{topic}            records that the brokers have acknowledged
//   killrvideo_kafka_produce_failures_total{topic}    records that were refused or given up
//   killrvideo_kafka_dead_letters_total{topic,group}  records that became dead letters
//   killrvideo_kafka_consumer_lag{topic,group}        records of this process's partitions that are
//                                                     not handled yet
#pragma once

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/registry.h>

namespace killrvideo::kafka {

/// May be used from any thread.
class Metrics {
 public:
  explicit Metrics(prometheus::Registry& registry);

  prometheus::Gauge& reachable() { return reachable_; }
  prometheus::Counter& produced(const std::string& topic) {
    return produced_.Add({{"topic", topic}});
  }
  prometheus::Counter& failures(const std::string& topic) {
    return failures_.Add({{"topic", topic}});
  }
  prometheus::Counter& dead_letters(const std::string& topic, const std::string& group) {
    return dead_letters_.Add({{"topic", topic}, {"group", group}});
  }
  prometheus::Gauge& lag(const std::string& topic, const std::string& group) {
    return lag_.Add({{"topic", topic}, {"group", group}});
  }

 private:
  prometheus::Gauge& reachable_;
  prometheus::Family<prometheus::Counter>& produced_;
  prometheus::Family<prometheus::Counter>& failures_;
  prometheus::Family<prometheus::Counter>& dead_letters_;
  prometheus::Family<prometheus::Gauge>& lag_;
};

}  // namespace killrvideo::kafka
