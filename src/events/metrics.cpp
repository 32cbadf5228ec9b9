#include "events/metrics.hpp"

namespace killrvideo {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

}  // namespace

EventHandlerMetrics& EventMetrics::handler(const std::string& name) {
  const std::lock_guard lock(mutex_);
  return handlers_[name];
}

std::vector<MetricFamily> EventMetrics::Collect() const {
  auto tries =
      family(MetricType::Histogram, "killrvideo_event_tries_seconds", "Calls of event handlers.");
  auto failures = family(MetricType::Counter, "killrvideo_event_failures_total",
                         "Calls of event handlers that failed.");
  auto dead = family(MetricType::Counter, "killrvideo_event_dead_letters_total",
                     "Events that became dead letters, by the handlers that failed.");
  auto lag = family(MetricType::Histogram, "killrvideo_event_lag_seconds",
                    "The time from the writing of events to their having been handled.");
  const std::lock_guard lock(mutex_);
  for (const auto& [name, handler] : handlers_) {
    const std::vector<ClientMetric::Label> labels{{"handler", name}};
    tries.metric.push_back(labelled(handler.tries.collect(), labels));
    failures.metric.push_back(labelled(counter(handler.failures.value()), labels));
    dead.metric.push_back(labelled(counter(handler.dead_letters.value()), labels));
    lag.metric.push_back(labelled(handler.lag.collect(), labels));
  }
  return {std::move(tries), std::move(failures), std::move(dead), std::move(lag),
          family(MetricType::Gauge, "killrvideo_events_waiting",
                 "Events that this process is delivering.",
                 {gauge(waiting.load(std::memory_order_relaxed))})};
}

}  // namespace killrvideo
