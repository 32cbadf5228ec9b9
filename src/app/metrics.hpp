// The metrics of the process. Any thread may use them.
#pragma once

#include <prometheus/registry.h>

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "events/metrics.hpp"
#include "storage/metrics.hpp"
#include "transport/grpc/metrics.hpp"

namespace killrvideo {

/// All metrics of a process, with those of the process itself (memory, processor time, open files)
/// and of the build.
class Metrics {
 public:
  RpcMetrics& rpc() noexcept { return rpc_; }
  StoreMetrics& store() noexcept { return store_; }
  EventMetrics& events() noexcept { return events_; }
  /// For metrics that are recorded rarely, so that those of prometheus-cpp are fast enough.
  prometheus::Registry& registry() noexcept { return registry_; }

  /// Adds the metrics of a part that not every process has.
  void add(std::shared_ptr<const prometheus::Collectable> part);

  /// All metrics in Prometheus' text format.
  std::string exposition() const;

 private:
  RpcMetrics rpc_;
  StoreMetrics store_;
  EventMetrics events_;
  prometheus::Registry registry_;
  mutable std::mutex mutex_;
  std::vector<std::shared_ptr<const prometheus::Collectable>> parts_;
};

}  // namespace killrvideo
