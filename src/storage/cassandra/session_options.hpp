// How a session with a Cassandra cluster behaves. The defaults suit a cluster in the same building.
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
  serial = 8,        ///< for conditions and for reading what they decided
  local_serial = 9,  ///< likewise, within the local data centre
  local_one = 10,
};

/// Connections are encrypted if `enabled`; the server is then always authenticated.
struct SessionTls {
  bool enabled = false;
  std::filesystem::path ca{};           ///< who may have signed the servers; empty: the system's
  std::filesystem::path certificate{};  ///< of ours, with `key`, for servers that ask for one
  std::filesystem::path key{};
  bool verify_host = true;  ///< whether the certificate must be for the address connected to
};

enum class Compression : std::uint8_t { none, lz4 };

enum class LoadBalancing : std::uint8_t {
  token_aware,  ///< ask a node that has the data
  round_robin,  ///< ask all nodes in turn
};

/// What happens to idempotent calls that failed; others are never repeated.
enum class Retry : std::uint8_t {
  next_node,  ///< where it can help, once more, on another node where that is better
  never,
};

struct SessionOptions {
  std::vector<Address> contact_points{};
  /// Whose nodes are asked. Empty: the cluster's only one; with several, it has to be named.
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
