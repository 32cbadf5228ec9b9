// A keyspace as it is in the cluster, and what it lacks of a schema.
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

/// The statements that add the tables and columns which the keyspace lacks. Nothing is ever changed
/// or dropped. Throws failed_precondition that names table and column if what is there is not what
/// is declared.
std::vector<std::string> tables_to_add(const ActualKeyspace& actual, const Schema& schema,
                                       const std::string& keyspace);

/// The statements that add the indices which it lacks, to be run when all nodes know the tables.
std::vector<std::string> indices_to_add(const ActualKeyspace& actual, const Schema& schema,
                                        const std::string& keyspace);

}  // namespace killrvideo::storage::cassandra
