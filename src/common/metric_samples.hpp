// Helpers that convert metrics into Prometheus' samples.
#pragma once

#include <prometheus/client_metric.h>
#include <prometheus/metric_family.h>

#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace killrvideo {

/// Histograms of durations observe nanoseconds and export seconds: their scale and units of their
/// bounds.
inline constexpr double per_nanosecond = 1e-9;
inline constexpr std::uint64_t us = 1'000;
inline constexpr std::uint64_t ms = 1'000'000;
inline constexpr std::uint64_t s = 1'000'000'000;

/// Bounds for the durations of whole calls.
inline constexpr std::array<std::uint64_t, 17> call_bounds{
    25 * us, 50 * us, 100 * us, 250 * us, 500 * us, 1 * ms, 2500 * us, 5 * ms, 10 * ms,
    25 * ms, 50 * ms, 100 * ms, 250 * ms, 500 * ms, 1 * s,  2500 * ms, 10 * s};

template <class Number>
prometheus::ClientMetric counter(Number value) {
  prometheus::ClientMetric metric;
  metric.counter.value = static_cast<double>(value);
  return metric;
}

template <class Number>
prometheus::ClientMetric gauge(Number value) {
  prometheus::ClientMetric metric;
  metric.gauge.value = static_cast<double>(value);
  return metric;
}

inline prometheus::MetricFamily family(prometheus::MetricType type, std::string name,
                                       std::string help,
                                       std::vector<prometheus::ClientMetric> samples = {}) {
  return {std::move(name), std::move(help), type, std::move(samples)};
}

inline prometheus::ClientMetric labelled(prometheus::ClientMetric metric,
                                         std::vector<prometheus::ClientMetric::Label> labels) {
  metric.label = std::move(labels);
  return metric;
}

}  // namespace killrvideo
