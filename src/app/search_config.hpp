// The configuration of the search index.
#pragma once

#include <filesystem>

#include "search/opensearch/options.hpp"

namespace killrvideo {

struct SearchConfig {
  opensearch::Options opensearch{};       ///< without its password; no endpoints: embedded
  std::filesystem::path password_file{};  ///< empty: there is none

  bool is_embedded() const { return opensearch.endpoints.empty(); }
};

}  // namespace killrvideo
