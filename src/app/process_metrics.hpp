// Metrics of the process as a whole, with the names that Prometheus' own libraries use.
#pragma once

#include <prometheus/metric_family.h>

#include <vector>

namespace killrvideo {

/// As they are now, with one of the build.
std::vector<prometheus::MetricFamily> process_metrics();

}  // namespace killrvideo
