// The metrics of the delivery of events.
#pragma once

#include <prometheus/collectable.h>

#include <atomic>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "common/metric_samples.hpp"
#include "common/metrics.hpp"

namespace killrvideo {

/// The metrics of one event handler.
struct EventHandlerMetrics {
  Histogram tries{call_bounds, per_nanosecond};  ///< duration of each
  /// From the writing of an event to the try that succeeded.
  Histogram lag{call_bounds, per_nanosecond};
  ShardedCounter failures;
  ShardedCounter dead_letters;
};

/// The delivery of events:
///   killrvideo_event_tries_seconds{handler}         histogram: calls of the handler
///   killrvideo_event_failures_total{handler}        of these, the failed ones
///   killrvideo_event_dead_letters_total{handler}    events that were given up
///   killrvideo_event_lag_seconds{handler}           histogram: from writing to having been handled
///   killrvideo_events_waiting                       events that this process is delivering
class EventMetrics final : public prometheus::Collectable {
 public:
  /// The metrics of a handler, created at the first call. The reference is valid as long as the
  /// EventMetrics are.
  EventHandlerMetrics& handler(const std::string& name);

  std::atomic<std::int64_t> waiting{0};

  std::vector<prometheus::MetricFamily> Collect() const override;

 private:
  mutable std::mutex mutex_;
  std::map<std::string, EventHandlerMetrics> handlers_;
};

}  // namespace killrvideo
