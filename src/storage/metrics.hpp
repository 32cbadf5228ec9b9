// The metrics of a store.
#pragma once

#include <prometheus/collectable.h>

#include <atomic>
#include <cstdint>
#include <vector>

#include "common/metrics.hpp"

namespace killrvideo {

/// The operations of a store:
///   killrvideo_store_operation_seconds{operation}   histogram
///   killrvideo_store_writer_queue_depth             writes that wait to be committed
///   killrvideo_store_writer_group_size              histogram: writes committed in one sync
class StoreMetrics final : public prometheus::Collectable {
 public:
  StoreMetrics();

  Histogram get;
  Histogram page;
  Histogram scan;
  Histogram commit;
  Histogram commit_if;
  std::atomic<std::int64_t> writer_queue_depth{0};
  Histogram writer_group_size;

  std::vector<prometheus::MetricFamily> Collect() const override;
};

}  // namespace killrvideo
