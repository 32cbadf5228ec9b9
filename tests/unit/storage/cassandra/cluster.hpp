// A session with the Cassandra cluster that tests use, for their own keyspaces on it.
#pragma once

#include <chrono>
#include <memory>

#include "storage/cassandra/server.hpp"
#include "storage/cassandra/upgrade.hpp"

namespace killrvideo::storage {

/// Connected. Throws if no cluster is named: a test of Cassandra without one has not passed.
inline std::unique_ptr<cassandra::Session> connect_to_test_cluster() {
  auto session = cassandra::open_session(cassandra::server_options(),
                                         std::make_shared<cassandra::SessionMetrics>());
  const Context context(0, std::chrono::system_clock::now() + std::chrono::minutes(1));
  run(session->connected(context));
  return session;
}

}  // namespace killrvideo::storage
