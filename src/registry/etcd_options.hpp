// Options of connections to etcd.
#pragma once

#include <string>
#include <vector>

#include "http/endpoint.hpp"

namespace killrvideo::registry {

/// etcd's interfaces. Keys that one interface writes are invisible to the other.
enum class EtcdApi { v3, v2 };

struct EtcdOptions {
  std::vector<http::Endpoint> endpoints{};  ///< members of one cluster; at least one
  EtcdApi api{};
  http::ClientTls tls{};
  std::string username{};  ///< empty: none
  std::string password{};
};

}  // namespace killrvideo::registry
