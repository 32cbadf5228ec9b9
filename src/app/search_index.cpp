#include "app/search_index.hpp"

#include "app/data_directory.hpp"
#include "app/password_file.hpp"
#include "catalog/latest_days.hpp"
#include "common/expects.hpp"
#include "common/file_status.hpp"
#include "search/index_builder.hpp"
#include "search/opensearch/index.hpp"
#include "search/opensearch/questions.hpp"
#include "search/tables.hpp"
#include "search/xapian/index.hpp"
#include "search/xapian/weigh.hpp"

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

ActiveIndexes make_active_indexes(storage::Store& store, const Config& config) {
  const auto topology = topology_of(config, store.engine().traits());
  if (!topology.index_follows_store()) return {store, index_kind(topology)};
  return {store, index_kind(topology), [directory = search_directory(config)](const Uuid& id) {
            return exists(status_of(directory / id.to_string()));
          }};
}

void build_search_index(storage::Store& store, const Config& config,
                        const ProgressListener& progress) {
  run(list_all_days(store));
  const auto index = make_search_index(config);
  auto active = make_active_indexes(store, config);
  SearchMetrics metrics;
  IndexUpdater updater(store, *index, active, metrics);
  IndexBuilder(store, *index, active, updater).rebuild_now(progress);
}

Weighing weigh(const Config& config, storage::Store& store, const std::vector<std::string>& words,
               const VideoId& video) {
  expects(!words.empty(), "there are words");
  const auto active = make_active_indexes(store, config).find();
  if (!active)
    throw Error(Code::failed_precondition,
                "there is no complete search index; a server that starts, or killrvideo reindex, "
                "builds one");
  if (!config.search.is_embedded())
    return opensearch::weigh(opensearch_options(config.search), words, video);
  return xapian_engine::weigh(search_directory(config) / active->indexid.to_string(), words, video);
}

}  // namespace killrvideo
