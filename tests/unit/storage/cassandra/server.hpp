// The Cassandra servers that `make test` starts, and a keyspace on them that goes away again.
#pragma once

#include <unistd.h>

#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "storage/cassandra/metrics.hpp"
#include "storage/cassandra/session.hpp"

namespace killrvideo::storage::cassandra {

/// Throws if there are none: a test of Cassandra without one has not passed.
inline std::vector<Address> server_addresses() {
  const char* text = std::getenv("KILLRVIDEO_TEST_CASSANDRA");
  if (text == nullptr)
    throw std::runtime_error(
        "KILLRVIDEO_TEST_CASSANDRA is not set: run the tests with `make test`, or below "
        "`tools/servers with cassandra --`");
  std::vector<Address> addresses;
  for (std::string_view rest = text; !rest.empty();) {
    const auto end = std::min(rest.find(','), rest.size());
    addresses.push_back(parse_address(rest.substr(0, end)).value());
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return addresses;
}

inline SessionOptions server_options() { return {.contact_points = server_addresses()}; }

class TemporaryKeyspace {
 public:
  TemporaryKeyspace()
      : name_("test_" + std::to_string(::getpid())),
        session_(open_session(server_options(), std::make_shared<SessionMetrics>())) {
    run(session_->connected(in_a_minute()));
    change("DROP KEYSPACE IF EXISTS " + name_);
    change("CREATE KEYSPACE " + name_ +
           " WITH replication = {'class': 'SimpleStrategy', 'replication_factor': " +
           std::to_string(server_addresses().size()) + "}");
  }
  TemporaryKeyspace(const TemporaryKeyspace&) = delete;
  TemporaryKeyspace& operator=(const TemporaryKeyspace&) = delete;
  ~TemporaryKeyspace() { change("DROP KEYSPACE " + name_); }

  const std::string& name() const { return name_; }
  Session& session() { return *session_; }

  /// Runs a change of the schema; returns when all nodes have it.
  void change(const std::string& cql) {
    run(session_->query(in_a_minute(), cql, CallOptions{}));
    run(session_->agree_on_schema(in_a_minute()));
  }

 private:
  struct Minute : Context {
    Minute() : Context(0, std::chrono::system_clock::now() + std::chrono::minutes(1)) {}
  };
  static Minute in_a_minute() { return {}; }

  std::string name_;
  std::unique_ptr<Session> session_;
};

}  // namespace killrvideo::storage::cassandra
