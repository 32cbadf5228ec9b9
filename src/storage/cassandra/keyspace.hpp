// The actual state of a keyspace in the cluster, and what it lacks of a schema.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "storage/cassandra/session.hpp"
#include "storage/schema.hpp"

namespace killrvideo::storage::cassandra {

/// A column as system_schema.columns describes it.
struct ActualColumn {
  std::string type;
  std::string kind;  ///< "partition_key", "clustering", "regular" or "static"
  std::int32_t position = -1;
  std::string order;  ///< "asc", "desc" or "none"
};

struct ActualKeyspace {
  bool exists = false;
  std::map<std::string, std::map<std::string, ActualColumn>> tables{};
  std::map<std::string, std::string> indexed{};  ///< "table.column" to the index's name
};

Task<ActualKeyspace> read_keyspace(Session& session, const Context& context, std::string keyspace);

/// The statements that add the missing tables and columns. Nothing is ever changed or dropped.
/// Throws failed_precondition, with table and column, if an existing one differs from its
/// declaration.
std::vector<std::string> tables_to_add(const ActualKeyspace& actual, const Schema& schema,
                                       const std::string& keyspace);

/// The statements that add the missing indices, to be run when all nodes know the tables.
std::vector<std::string> indices_to_add(const ActualKeyspace& actual, const Schema& schema,
                                        const std::string& keyspace);

}  // namespace killrvideo::storage::cassandra
