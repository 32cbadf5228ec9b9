// Options of a session with a Cassandra cluster. The defaults suit a cluster in the same building.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "common/address.hpp"

namespace killrvideo::storage::cassandra {

class SessionMetrics;

/// The values are those of CQL's native protocol.
enum class Consistency : std::uint16_t {
  one = 1,
  quorum = 4,
  all = 5,
  local_quorum = 6,
  each_quorum = 7,
  serial = 8,        ///< for conditions and for reading their outcome
  local_serial = 9,  ///< likewise, within the local data centre
  local_one = 10,
};

/// Connections are encrypted if `enabled`; the server is then always authenticated.
struct SessionTls {
  bool enabled = false;
  std::filesystem::path ca{};  ///< authorities that sign servers' certificates; empty: the system's
  std::filesystem::path
      certificate{};  ///< of this client, with `key`, for servers that require one
  std::filesystem::path key{};
  bool verify_host = true;  ///< whether the certificate must match the server's address
};

enum class Compression : std::uint8_t { none, lz4 };

enum class LoadBalancing : std::uint8_t {
  token_aware,  ///< a replica of the data
  round_robin,  ///< all nodes in turn
};

/// The retry policy for idempotent calls; other calls are never retried.
enum class Retry : std::uint8_t {
  next_node,  ///< one retry where it can help, on another node if that is better
  never,
};

struct SessionOptions {
  std::vector<Address> contact_points{};
  /// Only its nodes are used. Empty: the cluster's only one; required if there are several.
  std::string local_data_center{};
  std::string username{};  ///< empty: none
  std::string password{};
  SessionTls tls{};
  Compression compression = Compression::none;

  Consistency consistency = Consistency::local_quorum;
  Consistency serial_consistency = Consistency::local_serial;
  LoadBalancing load_balancing = LoadBalancing::token_aware;
  Retry retry = Retry::next_node;
  /// When an idempotent call has no answer after this time, it is sent to one more node, up to
  /// `speculative_attempts` times.
  std::chrono::milliseconds speculative_delay{500};
  unsigned speculative_attempts = 1;

  std::chrono::milliseconds connect_timeout{5'000};
  std::chrono::milliseconds request_timeout{20'000};
  /// A connection that does not answer for this long, in use or not, is closed.
  std::chrono::milliseconds heartbeat{5'000};
  unsigned connections_per_node = 1;
  unsigned threads = 2;
  std::size_t max_in_flight = 16'384;  ///< more calls are refused (resource_exhausted)
};

}  // namespace killrvideo::storage::cassandra
