// The schema as CQL for a cluster: keyspace, tables with their options, indices.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "storage/schema.hpp"

namespace killrvideo::storage::cassandra {

/// The number of replicas, by data centre.
using Replication = std::map<std::string, unsigned>;

struct Definition {
  std::string cql;      ///< without a semicolon
  std::string comment;  ///< the reason for its options; may be empty
};

std::string create_keyspace_cql(const std::string& keyspace, const Replication& replication);

/// CREATE TABLE, with compaction and other options that suit its access pattern.
Definition create_table(const TableInfo& table, const std::string& keyspace);

std::string create_index_cql(const VectorIndex& index, const std::string& keyspace);

/// Everything as a script with comments. Without replication it explains how to create the
/// keyspace.
std::string script(const Schema& schema, const std::string& keyspace,
                   const Replication& replication);

}  // namespace killrvideo::storage::cassandra
