// The metrics of calls.
#pragma once

#include <prometheus/collectable.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "common/metrics.hpp"

namespace killrvideo {

/// The calls of one remote procedure.
class RpcMethodMetrics {
 public:
  RpcMethodMetrics(std::string service, std::string method);

  const std::string& method() const noexcept { return method_; }

  void started() noexcept { started_.add(); }
  /// `code` is a gRPC status code; 0 is success. Called once for each started().
  void finished(int code, std::chrono::nanoseconds duration) noexcept;

 private:
  friend class RpcMetrics;

  std::string service_;
  std::string method_;
  ShardedCounter started_;
  Histogram duration_;
  std::array<std::atomic<std::uint64_t>, 17> errors_{};
};

/// The calls of all remote procedures:
///   killrvideo_rpc_requests_total{service,method}       calls that ended
///   killrvideo_rpc_errors_total{service,method,code}    of these, the failed ones
///   killrvideo_rpc_duration_seconds{service,method}     histogram
///   killrvideo_rpc_in_flight{service,method}
class RpcMetrics final : public prometheus::Collectable {
 public:
  /// The metrics of a method, created at the first call. The reference is valid as long as the
  /// RpcMetrics are.
  RpcMethodMetrics& method(std::string_view service, std::string_view method);

  std::vector<prometheus::MetricFamily> Collect() const override;

 private:
  mutable std::mutex mutex_;
  std::vector<std::unique_ptr<RpcMethodMetrics>> methods_;
};

}  // namespace killrvideo
