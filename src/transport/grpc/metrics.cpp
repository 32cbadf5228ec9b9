#include "transport/grpc/metrics.hpp"

#include <algorithm>

#include "common/metric_samples.hpp"
#include "transport/grpc/status_names.hpp"

namespace killrvideo {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

}  // namespace

RpcMethodMetrics::RpcMethodMetrics(std::string service, std::string method)
    : service_(std::move(service)),
      method_(std::move(method)),
      duration_(call_bounds, per_nanosecond) {}

void RpcMethodMetrics::finished(int code, std::chrono::nanoseconds duration) noexcept {
  duration_.observe(duration);
  if (code == 0) return;
  const auto index = static_cast<std::size_t>(code);
  errors_[index < errors_.size() ? index : 2].fetch_add(1, std::memory_order_relaxed);
}

RpcMethodMetrics& RpcMetrics::method(std::string_view service, std::string_view method) {
  const std::lock_guard lock(mutex_);
  for (const auto& known : methods_) {
    if (known->service_ == service && known->method_ == method) return *known;
  }
  methods_.push_back(std::make_unique<RpcMethodMetrics>(std::string(service), std::string(method)));
  return *methods_.back();
}

std::vector<MetricFamily> RpcMetrics::Collect() const {
  MetricFamily requests{
      "killrvideo_rpc_requests_total", "Calls that ended.", MetricType::Counter, {}};
  MetricFamily errors{
      "killrvideo_rpc_errors_total", "Calls that failed, by status code.", MetricType::Counter, {}};
  MetricFamily durations{
      "killrvideo_rpc_duration_seconds", "The time that calls took.", MetricType::Histogram, {}};
  MetricFamily in_flight{
      "killrvideo_rpc_in_flight", "Calls that have begun and not ended.", MetricType::Gauge, {}};
  const std::lock_guard lock(mutex_);
  for (const auto& method : methods_) {
    const std::vector<ClientMetric::Label> labels{{"service", method->service_},
                                                  {"method", method->method_}};
    auto duration = method->duration_.collect();
    const auto finished = duration.histogram.sample_count;
    // Started and finished calls are not read at the same moment.
    const auto unfinished = std::max(method->started_.value(), finished) - finished;
    in_flight.metric.push_back(labelled(gauge(static_cast<double>(unfinished)), labels));
    requests.metric.push_back(labelled(counter(finished), labels));
    durations.metric.push_back(labelled(std::move(duration), labels));
    for (std::size_t code = 0; code < method->errors_.size(); ++code) {
      const auto count = method->errors_[code].load(std::memory_order_relaxed);
      if (count == 0) continue;
      auto error_labels = labels;
      error_labels.push_back({"code", std::string(grpc_status_names[code])});
      errors.metric.push_back(labelled(counter(count), std::move(error_labels)));
    }
  }
  return {std::move(requests), std::move(errors), std::move(durations), std::move(in_flight)};
}

}  // namespace killrvideo
