// The configuration of the store on Cassandra.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "storage/cassandra/session_options.hpp"

namespace killrvideo {

inline constexpr std::uint16_t cassandra_port = 9042;

struct CassandraConfig {
  storage::cassandra::SessionOptions
      session{};  ///< without its password; no contact points: ask the registry
  std::filesystem::path password_file{};  ///< empty: there is none
  std::string keyspace{};
  std::map<std::string, unsigned> replication{};  ///< copies by data centre; empty: not chosen
};

}  // namespace killrvideo
