// Metrics of the process as a whole, under the names that Prometheus' own libraries give them.
#pragma once

#include <prometheus/collectable.h>

#include <vector>

namespace killrvideo {

class ProcessMetrics final : public prometheus::Collectable {
 public:
  std::vector<prometheus::MetricFamily> Collect() const override;
};

}  // namespace killrvideo
