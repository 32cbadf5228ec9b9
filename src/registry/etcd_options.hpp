// How etcd is reached.
#pragma once

#include <string>
#include <vector>

#include "transport/http/endpoint.hpp"

namespace killrvideo::registry {

/// etcd's interfaces. What is written through one is not seen through the other.
enum class EtcdApi { v3, v2 };

struct EtcdOptions {
  std::vector<http::Endpoint> endpoints{};  ///< members of one cluster; at least one
  EtcdApi api{};
  http::ClientTls tls{};
  std::string username{};  ///< empty: none
  std::string password{};
};

}  // namespace killrvideo::registry
