// Keeps this process registered in the registry while it runs.
#pragma once

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/registry.h>

#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

#include "registry/etcd.hpp"

namespace killrvideo::registry {

/// Keeps entries in etcd, in a thread of its own: tries until etcd accepts them, keeps them alive,
/// and writes them again if etcd has lost them. Exports
///   killrvideo_registry_entries           entries that etcd had at the last request
///   killrvideo_registry_failures_total    requests that etcd refused or did not answer
class Registration {
 public:
  /// Starts; does not wait. The entries expire at most `lifetime` after the process has died.
  /// REQUIRES: there are entries, and all have the same value.
  Registration(std::unique_ptr<Etcd> etcd, std::vector<Entry> entries,
               std::chrono::seconds lifetime, prometheus::Registry& metrics);
  Registration(const Registration&) = delete;
  Registration& operator=(const Registration&) = delete;
  /// Removes the entries; if etcd does not answer, it gives up within a second.
  ~Registration() = default;

 private:
  enum class State { starting, registered, failing };

  void work(const std::stop_token& stop);
  void renew(const std::stop_token& stop);
  bool try_to_renew(const std::stop_token& stop);
  void enter(State state, const std::string& why);
  void withdraw();

  const std::unique_ptr<Etcd> etcd_;
  const std::vector<Entry> entries_;
  const std::chrono::seconds lifetime_;
  const std::chrono::milliseconds renewal_interval_;
  prometheus::Gauge& present_;
  prometheus::Counter& failures_;
  bool was_put_ = false;
  State state_ = State::starting;
  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::jthread thread_;
};

}  // namespace killrvideo::registry
