#include "app/weigh.hpp"

#include "app/data_directory.hpp"
#include "app/search_index.hpp"
#include "search/in_force.hpp"
#include "search/opensearch/weigh.hpp"
#include "search/xapian/index.hpp"
#include "search/xapian/weigh.hpp"

namespace killrvideo {
namespace {

std::optional<Uuid> find_index_in_force(const Config& config, storage::Store& store) {
  const auto topology = topology_of(config, store.engine().traits());
  if (!topology.index_follows_store())
    return OnlyIndexInForce(store, index_kind(topology)).find({});
  const auto at_hand = xapian_engine::Index(search_directory(config)).at_hand();
  return FollowedIndex(store).find(at_hand);
}

}  // namespace

Weighing weigh(const Config& config, storage::Store& store, const std::vector<std::string>& words,
               const VideoId& video) {
  const auto id = find_index_in_force(config, store);
  if (!id)
    throw Error(Code::failed_precondition,
                "there is no complete search index; a server that starts, or killrvideo reindex, "
                "builds one");
  if (!config.search.is_embedded())
    return opensearch::weigh(opensearch_options(config.search), words, video);
  return xapian_engine::weigh(search_directory(config) / id->to_string(), words, video);
}

}  // namespace killrvideo
