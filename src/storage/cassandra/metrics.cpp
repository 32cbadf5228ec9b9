#include "storage/cassandra/metrics.hpp"

#include "common/metric_samples.hpp"

namespace killrvideo::storage::cassandra {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

constexpr std::array<std::uint64_t, 16> bounds{
    100 * us, 250 * us, 500 * us, 1 * ms,   2500 * us, 5 * ms, 10 * ms, 25 * ms,
    50 * ms,  100 * ms, 250 * ms, 500 * ms, 1 * s,     5 * s,  10 * s,  30 * s};

constexpr std::array<const char*, SessionMetrics::requests> request_names{
    "prepare", "execute", "batch", "query", "other"};

ClientMetric nodes(std::uint64_t number, const char* state) {
  return labelled(gauge(number), {{"state", state}});
}

}  // namespace

SessionMetrics::SessionMetrics()
    : durations_{Histogram{bounds, per_nanosecond}, Histogram{bounds, per_nanosecond},
                 Histogram{bounds, per_nanosecond}, Histogram{bounds, per_nanosecond},
                 Histogram{bounds, per_nanosecond}} {}

void SessionMetrics::ask(std::function<Driver()> driver) {
  const std::lock_guard lock(mutex_);
  driver_ = std::move(driver);
}

std::vector<MetricFamily> SessionMetrics::Collect() const {
  auto durations = family(MetricType::Histogram, "killrvideo_cassandra_request_seconds",
                          "The time that requests to Cassandra took, repetitions included.");
  for (std::size_t i = 0; i < requests; ++i)
    durations.metric.push_back(labelled(durations_[i].collect(), {{"request", request_names[i]}}));
  auto errors = family(MetricType::Counter, "killrvideo_cassandra_errors_total",
                       "Requests to Cassandra that failed.");
  for (std::size_t i = 0; i < failures; ++i) {
    const auto count = errors_[i].load(std::memory_order_relaxed);
    const auto kind = to_string(static_cast<Failure>(i));
    if (count > 0) errors.metric.push_back(labelled(counter(count), {{"kind", std::string(kind)}}));
  }
  Driver driver;
  {
    const std::lock_guard lock(mutex_);
    if (driver_) driver = driver_();
  }
  return {std::move(durations),
          std::move(errors),
          family(MetricType::Gauge, "killrvideo_cassandra_in_flight",
                 "Requests to Cassandra that have begun and not ended.",
                 {gauge(in_flight.load(std::memory_order_relaxed))}),
          family(MetricType::Counter, "killrvideo_cassandra_retries_total",
                 "Repetitions of requests that failed.", {counter(driver.retries)}),
          family(MetricType::Gauge, "killrvideo_cassandra_connections",
                 "Open connections to Cassandra.", {gauge(driver.connections)}),
          family(MetricType::Gauge, "killrvideo_cassandra_nodes", "Nodes of the cluster.",
                 {nodes(driver.nodes_connected, "connected"), nodes(driver.nodes_down, "down")})};
}

}  // namespace killrvideo::storage::cassandra
