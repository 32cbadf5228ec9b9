// Metrics of the process as a whole, with the names that Prometheus' own libraries use.
#pragma once

#include <prometheus/collectable.h>

#include <vector>

namespace killrvideo {

class ProcessMetrics final : public prometheus::Collectable {
 public:
  std::vector<prometheus::MetricFamily> Collect() const override;
};

}  // namespace killrvideo
