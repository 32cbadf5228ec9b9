// The OpenSearch that `make test` starts.
#pragma once

#include <cstdlib>
#include <stdexcept>

#include "common/uuid.hpp"
#include "search/opensearch/index_admin.hpp"

namespace killrvideo::opensearch {

/// Options with a prefix of their own. Throws if there is no server: a test of OpenSearch without
/// one has not passed.
inline Options test_options() {
  const char* address = std::getenv("KILLRVIDEO_TEST_OPENSEARCH");
  if (address == nullptr) throw std::runtime_error("KILLRVIDEO_TEST_OPENSEARCH is not set");
  Options options;
  options.endpoints = {http::parse_endpoint(address, 9200).value()};
  options.prefix = "unit_" + Uuid::random().to_string();
  options.question_limit = std::chrono::seconds(20);
  options.write_limit = std::chrono::seconds(20);
  return options;
}

/// Removes all indexes with the prefix of the options.
inline void remove_all_indexes(const Options& options) {
  Client client(options);
  IndexAdmin admin(client, options);
  for (const auto& index : admin.list()) admin.remove(index.name);
}

}  // namespace killrvideo::opensearch
