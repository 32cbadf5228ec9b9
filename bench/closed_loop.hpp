// Clients that each ask again as soon as they have their answer.
#pragma once

#include <grpcpp/channel.h>

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "latency_histogram.hpp"
#include "scenarios.hpp"

namespace killrvideo::bench {

struct LoadOptions {
  int clients = 1;  ///< Calls outstanding at any time.
  std::chrono::duration<double> warm_up{1};
  std::chrono::duration<double> measured{5};
  std::uint64_t seed = 1;
  std::optional<pid_t> server;  ///< The process whose CPU time is to be told, if any.
};

struct LoadResult {
  std::uint64_t requests = 0;  ///< Answered in the measured time, right or wrong.
  std::chrono::duration<double> seconds{0};
  LatencyHistogram latency;
  std::map<std::string, std::uint64_t> errors;  ///< By gRPC code; "wrong answer" is one of ours.
  std::chrono::microseconds client_cpu{0};      ///< Used in the measured time.
  std::chrono::microseconds server_cpu{0};
};

/// Drives `scenario` over `channels` in this thread, which is all the client has: two threads would
/// take turns at what one can do. Errors are those of the whole run, warm-up included; after a
/// thousand of them the run ends early. Throws std::runtime_error if the server stops answering.
LoadResult run_closed_loop(const std::vector<std::shared_ptr<grpc::Channel>>& channels,
                           const Scenario& scenario, const LoadOptions& options);

}  // namespace killrvideo::bench
