// Opening a keyspace: making what is missing, bringing data up to date, by one process at a time.
//
// The table schema_state of the keyspace has two rows: "version", the schema version that the data
// has, and "lock", whose holder may change the schema. The lock expires when its holder dies.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "common/metrics.hpp"
#include "storage/cassandra/definition.hpp"
#include "storage/cassandra/patience.hpp"
#include "storage/cassandra/session.hpp"
#include "storage/schema.hpp"

namespace killrvideo::storage::cassandra {

struct KeyspaceOptions {
  std::string name = "killrvideo";
  /// For a keyspace that is to be made. Empty: three copies, or as many as there are nodes, if the
  /// cluster has one data centre.
  Replication replication{};
  Consistency serial_consistency = Consistency::local_serial;
};

/// Makes what the keyspace lacks of the schema and runs the migrations that its data needs, then
/// opens it. Processes that do this at once wait for each other. Existing tables get the columns
/// that they lack; nothing is dropped. Returns at once where nothing is to be done. Blocks; not for
/// the session's threads.
///
/// Throws failed_precondition (tables that contradict the schema, a newer version, replication that
/// has to be chosen, a server that is too old), unavailable (the cluster cannot be asked, or the
/// lock is held for too long), deadline_exceeded; GaveUp, but not while data is being migrated.
/// What was made until then stays, and the next call goes on from there. REQUIRES: the session is
/// connected, and the context outlives the call's arguments.
std::unique_ptr<Store> open_store(std::unique_ptr<Session> session, const Schema& schema,
                                  const KeyspaceOptions& keyspace, const Context& context,
                                  StoreMetrics* metrics = nullptr, const Patience& patience = {});

/// Opens a keyspace that has all that the schema declares, changing nothing. Throws
/// failed_precondition that names the first thing missing.
std::unique_ptr<Store> open_existing_store(std::unique_ptr<Session> session, const Schema& schema,
                                           const KeyspaceOptions& keyspace, const Context& context,
                                           StoreMetrics* metrics = nullptr);

}  // namespace killrvideo::storage::cassandra
