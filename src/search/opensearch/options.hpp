// Where OpenSearch is and how long it may take.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "http/endpoint.hpp"

namespace killrvideo::opensearch {

struct Options {
  std::vector<http::Endpoint> endpoints{};
  std::string username{};  ///< empty: no authentication
  std::string password{};
  http::ClientTls tls{};
  std::string prefix{};  ///< of the names of indexes and of the alias
  unsigned shards = 1;
  unsigned replicas = 0;
  std::chrono::milliseconds question_limit{};  ///< of what clients wait for
  std::chrono::milliseconds write_limit{};     ///< of bulks and of what administers indexes
};

}  // namespace killrvideo::opensearch
