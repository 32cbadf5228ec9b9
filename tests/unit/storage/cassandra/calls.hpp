// What tests of sessions with Cassandra call them with.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>

#include "storage/cassandra/metrics.hpp"
#include "storage/cassandra/session.hpp"

namespace killrvideo::storage::cassandra {

/// A context whose deadline is this far away.
class In : public Context {
 public:
  explicit In(std::chrono::milliseconds time)
      : Context(0, std::chrono::system_clock::now() + time) {}
};

inline std::unique_ptr<Session> open(SessionOptions options) {
  return open_session(std::move(options), std::make_shared<SessionMetrics>());
}

/// What a call failed with; nothing if it did not.
inline std::optional<SessionError> failure(const std::function<void()>& call) {
  try {
    call();
  } catch (const SessionError& error) {
    return error;
  }
  return std::nullopt;
}

}  // namespace killrvideo::storage::cassandra
