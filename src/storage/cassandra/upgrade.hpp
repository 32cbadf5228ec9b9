// Opening a keyspace: one process at a time adds missing tables and runs migrations.
//
// The table schema_state of the keyspace has two rows: "version", the schema version that the data
// has, and "lock", whose holder may change the schema. The lock expires when its holder dies.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "storage/cassandra/definition.hpp"
#include "storage/cassandra/patience.hpp"
#include "storage/cassandra/session.hpp"
#include "storage/metrics.hpp"
#include "storage/schema.hpp"

namespace killrvideo::storage::cassandra {

struct KeyspaceOptions {
  std::string name = "killrvideo";
  /// For a new keyspace. Empty: three replicas, or one for each node if there are fewer, if the
  /// cluster has one data centre.
  Replication replication{};
  Consistency serial_consistency = Consistency::local_serial;
};

/// Adds missing tables and columns to the keyspace, runs the migrations that its data needs, and
/// opens it. Concurrent processes wait for each other. Nothing is dropped. Returns at once if there
/// is nothing to do. Blocks; not for the session's threads.
///
/// Throws failed_precondition (tables that contradict the schema, a newer version, replication that
/// must be configured, a server that is too old), unavailable (the cluster does not answer, or the
/// lock is held for too long), deadline_exceeded; GaveUp, but not while data is being migrated.
/// Changes made until then stay, and the next call continues from there. REQUIRES: the session is
/// connected, and the context outlives the call's arguments.
std::unique_ptr<Store> open_store(std::unique_ptr<Session> session, const Schema& schema,
                                  const KeyspaceOptions& keyspace, const Context& context,
                                  StoreMetrics* metrics = nullptr, const Patience& patience = {});

/// Opens a keyspace without changing it. Throws failed_precondition, with the first table or column
/// that is missing, if it lacks any of the schema.
std::unique_ptr<Store> open_existing_store(std::unique_ptr<Session> session, const Schema& schema,
                                           const KeyspaceOptions& keyspace, const Context& context,
                                           StoreMetrics* metrics = nullptr);

}  // namespace killrvideo::storage::cassandra
