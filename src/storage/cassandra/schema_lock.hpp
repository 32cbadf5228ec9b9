// The lock of a keyspace's schema.
#pragma once

#include <atomic>
#include <chrono>
#include <optional>
#include <string>

#include "common/periodic.hpp"
#include "common/time_limits.hpp"
#include "common/uuid.hpp"
#include "storage/cassandra/patience.hpp"
#include "storage/cassandra/session.hpp"

namespace killrvideo::storage::cassandra {

/// At most one object in all processes holds the lock, from construction to destruction. It is
/// renewed meanwhile, and expires soon after the process has died. Blocks; not for the session's
/// threads.
class SchemaLock {
 public:
  struct Times {
    std::chrono::seconds lifetime = time_limits::schema_lock_lifetime;  ///< without renewal
    std::chrono::milliseconds renewal = lifetime / time_limits::beats_in_lifetime;
  };

  /// Waits until no other process holds it. `table` is schema_state with its keyspace, `serial` the
  /// consistency of conditions. Throws unavailable after several minutes, and GaveUp.
  /// REQUIRES: the context outlives the session.
  SchemaLock(Session& session, std::string table, Consistency serial, const Context& context,
             const Patience& patience)
      : SchemaLock(session, std::move(table), serial, context, patience, Times{}) {}
  SchemaLock(Session& session, std::string table, Consistency serial, const Context& context,
             const Patience& patience, Times times);
  /// Takes seconds at most: a lock that cannot be released expires.
  ~SchemaLock();
  SchemaLock(const SchemaLock&) = delete;
  SchemaLock& operator=(const SchemaLock&) = delete;

  /// Throws unavailable if the lock may be lost: the caller must then stop.
  void check() const;

 private:
  using Clock = std::chrono::steady_clock;

  bool try_to_get(const Context& context, const Patience& patience);
  std::string holder(const Context& context, const Patience& patience);
  /// Runs a conditional statement; returns whether it was applied.
  bool decide(const Context& context, const Patience& patience, const std::string& cql);
  void renew();
  /// Records that a request that started at `begin` got the lock.
  void held_since(Clock::time_point begin) {
    held_until_ = begin + time_limits::safe_part(times_.lifetime);
  }

  Session& session_;
  const std::string table_;
  const Consistency serial_;
  const Times times_;
  const std::string mine_ = Uuid::random().to_string();
  std::atomic<Clock::time_point> held_until_{Clock::time_point::min()};
  std::optional<Periodic> renewal_;
};

}  // namespace killrvideo::storage::cassandra
