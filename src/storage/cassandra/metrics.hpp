// The metrics of a session with Cassandra, for Prometheus:
//
//   killrvideo_cassandra_request_seconds{request}   histogram: prepare, execute, batch, query,
//                                                   other
//   killrvideo_cassandra_errors_total{kind}         requests that failed, see Failure
//   killrvideo_cassandra_in_flight                  requests without an answer yet
//   killrvideo_cassandra_retries_total              retries of failed requests
//   killrvideo_cassandra_connections                open connections
//   killrvideo_cassandra_nodes{state}               nodes that are connected or down
#pragma once

#include <prometheus/collectable.h>

#include <array>
#include <atomic>
#include <functional>
#include <mutex>

#include "common/metrics.hpp"
#include "storage/cassandra/session.hpp"

namespace killrvideo::storage::cassandra {

/// May be used from any thread.
class SessionMetrics final : public prometheus::Collectable {
 public:
  enum class Request : std::uint8_t { prepare, execute, batch, query, other };
  static constexpr std::size_t requests = 5;

  /// The values that the session's driver counts.
  struct Driver {
    std::uint64_t retries = 0;
    std::uint64_t connections = 0;
    std::uint64_t nodes_connected = 0;
    std::uint64_t nodes_down = 0;
  };

  SessionMetrics();

  Histogram& duration(Request request) { return durations_[static_cast<std::size_t>(request)]; }
  void failed(Failure failure) noexcept {
    errors_[static_cast<std::size_t>(failure)].fetch_add(1, std::memory_order_relaxed);
  }
  std::atomic<std::int64_t> in_flight{0};

  /// Calls `driver` whenever metrics are collected; {} ends that.
  void ask(std::function<Driver()> driver);

  std::vector<prometheus::MetricFamily> Collect() const override;

 private:
  static constexpr std::size_t failures = static_cast<std::size_t>(Failure::other) + 1;

  std::array<Histogram, requests> durations_;
  std::array<std::atomic<std::uint64_t>, failures> errors_{};
  mutable std::mutex mutex_;
  std::function<Driver()> driver_;
};

}  // namespace killrvideo::storage::cassandra
