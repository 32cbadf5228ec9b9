#include "app/weigh.hpp"

#include "app/data_directory.hpp"
#include "app/search_index.hpp"
#include "search/opensearch/weigh.hpp"
#include "search/xapian/weigh.hpp"

namespace killrvideo {
Weighing weigh(const Config& config, storage::Store& store, const std::vector<std::string>& words,
               const VideoId& video) {
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
