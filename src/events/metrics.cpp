#include "events/metrics.hpp"

#include "common/metric_samples.hpp"

namespace killrvideo {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

}  // namespace

EventHandlerMetrics::EventHandlerMetrics(std::string handler)
    : tries(call_bounds, per_nanosecond),
      lag(call_bounds, per_nanosecond),
      handler_(std::move(handler)) {}

EventHandlerMetrics& EventMetrics::handler(std::string_view name) {
  const std::lock_guard lock(mutex_);
  for (const auto& known : handlers_)
    if (known->handler() == name) return *known;
  handlers_.push_back(std::make_unique<EventHandlerMetrics>(std::string(name)));
  return *handlers_.back();
}

std::vector<MetricFamily> EventMetrics::Collect() const {
  MetricFamily tries{
      "killrvideo_event_tries_seconds", "Calls of event handlers.", MetricType::Histogram, {}};
  MetricFamily failures{"killrvideo_event_failures_total",
                        "Calls of event handlers that failed.",
                        MetricType::Counter,
                        {}};
  MetricFamily dead{"killrvideo_event_dead_letters_total",
                    "Events that became dead letters, by the handlers that failed.",
                    MetricType::Counter,
                    {}};
  MetricFamily lag{"killrvideo_event_lag_seconds",
                   "The time from the writing of events to their having been handled.",
                   MetricType::Histogram,
                   {}};
  const std::lock_guard lock(mutex_);
  for (const auto& handler : handlers_) {
    const std::vector<ClientMetric::Label> labels{{"handler", handler->handler()}};
    tries.metric.push_back(labelled(handler->tries.collect(), labels));
    failures.metric.push_back(labelled(counter(handler->failures.value()), labels));
    dead.metric.push_back(labelled(counter(handler->dead_letters.value()), labels));
    lag.metric.push_back(labelled(handler->lag.collect(), labels));
  }
  const auto waiting_now = static_cast<double>(waiting.load(std::memory_order_relaxed));
  return {std::move(tries),
          std::move(failures),
          std::move(dead),
          std::move(lag),
          {"killrvideo_events_waiting",
           "Events that this process is delivering.",
           MetricType::Gauge,
           {gauge(waiting_now)}}};
}

}  // namespace killrvideo
