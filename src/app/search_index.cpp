#include "app/search_index.hpp"

#include "app/data_directory.hpp"
#include "app/password_file.hpp"
#include "search/opensearch/index.hpp"
#include "search/tables.hpp"
#include "search/xapian/index.hpp"

namespace killrvideo {

opensearch::Options opensearch_options(const SearchConfig& config) {
  auto options = config.opensearch;
  options.password = login_password("opensearch", options.username, config.password_file);
  return options;
}

void check_search(const SearchConfig& config) {
  if (config.is_embedded()) return;
  opensearch_options(config);
  try {
    http::make_client_context(config.opensearch.tls);
  } catch (const Error& error) {
    throw Error(Code::invalid_argument, "opensearch-" + std::string(error.what()));
  }
}

std::unique_ptr<SearchIndex> make_search_index(const Config& config) {
  if (config.search.is_embedded())
    return std::make_unique<xapian_engine::Index>(search_directory(config));
  return std::make_unique<opensearch::Index>(opensearch_options(config.search));
}

std::string_view index_kind(const Topology& topology) {
  return topology.index_is_shared ? opensearch_index : embedded_index;
}

}  // namespace killrvideo
