#include "events/kafka/metrics.hpp"

namespace killrvideo::kafka {

Metrics::Metrics(prometheus::Registry& registry)
    : reachable_(prometheus::BuildGauge()
                     .Name("killrvideo_kafka_reachable")
                     .Help("Whether a broker of Kafka answers.")
                     .Register(registry)
                     .Add({})),
      produced_(prometheus::BuildCounter()
                    .Name("killrvideo_kafka_produced_total")
                    .Help("Records that the brokers have acknowledged.")
                    .Register(registry)),
      failures_(prometheus::BuildCounter()
                    .Name("killrvideo_kafka_produce_failures_total")
                    .Help("Records that were refused or given up.")
                    .Register(registry)),
      dead_letters_(prometheus::BuildCounter()
                        .Name("killrvideo_kafka_dead_letters_total")
                        .Help("Records that became dead letters.")
                        .Register(registry)),
      lag_(prometheus::BuildGauge()
               .Name("killrvideo_kafka_consumer_lag")
               .Help("Records in this process's partitions that are not handled yet.")
               .Register(registry)) {}

}  // namespace killrvideo::kafka
