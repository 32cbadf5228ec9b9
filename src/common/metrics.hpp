// The program's metrics, for Prometheus.
//
// Any thread may use everything here. Recording neither locks nor allocates nor looks anything up:
// callers keep a reference to the metric. prometheus-cpp's own histogram takes a mutex (measured:
// 27 ns with one thread and 240 ns with two, against 11 ns here), so only its registry and text
// format are used.
#pragma once

#include <prometheus/collectable.h>
#include <prometheus/registry.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "common/process_metrics.hpp"

namespace killrvideo {

/// A counter to which several threads can add without contention.
class ShardedCounter {
 public:
  void add(std::uint64_t amount = 1) noexcept;
  std::uint64_t value() const noexcept;

 private:
  struct alignas(64) Cell {
    std::atomic<std::uint64_t> value{0};
  };
  std::array<Cell, 8> cells_;
};

/// The distribution of observed values.
class Histogram {
 public:
  static constexpr std::size_t max_bounds = 20;

  /// A bucket counts the values up to its bound, inclusive; values above the last bound are
  /// counted, too. Bounds and sum are exported multiplied by `scale`. REQUIRES: `bounds` ascend,
  /// are at most max_bounds and outlive the histogram.
  explicit Histogram(std::span<const std::uint64_t> bounds, double scale = 1)
      : bounds_(bounds), scale_(scale) {}

  void observe(std::uint64_t value) noexcept;
  void observe(std::chrono::nanoseconds duration) noexcept {
    observe(static_cast<std::uint64_t>(std::max<std::int64_t>(duration.count(), 0)));
  }

  /// How many values were observed.
  std::uint64_t count() const noexcept;
  prometheus::ClientMetric collect() const;

 private:
  struct alignas(64) Shard {
    std::array<std::atomic<std::uint64_t>, max_bounds + 1> counts{};
    std::atomic<std::uint64_t> sum{0};
  };

  std::span<const std::uint64_t> bounds_;
  double scale_;
  std::array<Shard, 8> shards_;
};

/// Observes the time between its construction and its destruction.
class Timer {
 public:
  explicit Timer(Histogram& histogram) noexcept : histogram_(histogram) {}
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;
  ~Timer() { histogram_.observe(std::chrono::steady_clock::now() - start_); }

 private:
  Histogram& histogram_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

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
  Histogram partitions_before;
  Histogram commit;
  Histogram commit_if;
  std::atomic<std::int64_t> writer_queue_depth{0};
  Histogram writer_group_size;

  std::vector<prometheus::MetricFamily> Collect() const override;
};

/// The metrics of one event handler.
class EventHandlerMetrics {
 public:
  explicit EventHandlerMetrics(std::string handler);

  const std::string& handler() const noexcept { return handler_; }

  Histogram tries;  ///< duration of each
  Histogram lag;    ///< from the writing of an event to the try that succeeded
  ShardedCounter failures;
  ShardedCounter dead_letters;

 private:
  std::string handler_;
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
  EventHandlerMetrics& handler(std::string_view name);

  std::atomic<std::int64_t> waiting{0};

  std::vector<prometheus::MetricFamily> Collect() const override;

 private:
  mutable std::mutex mutex_;
  std::vector<std::unique_ptr<EventHandlerMetrics>> handlers_;
};

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
  ProcessMetrics process_;
  prometheus::Registry registry_;
  mutable std::mutex mutex_;
  std::vector<std::shared_ptr<const prometheus::Collectable>> parts_;
};

}  // namespace killrvideo
