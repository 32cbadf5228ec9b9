#include "app/reindex.hpp"

#include "app/search_index.hpp"
#include "search/in_force.hpp"

namespace killrvideo {

void build_search_index(storage::Store& store, const Config& config,
                        const Indexer::Listener& listener) {
  const auto index = make_search_index(config);
  if (follows_others(config)) {
    FollowedIndex in_force(store);
    Indexer(store, *index, in_force).rebuild_now(listener);
  } else {
    OnlyIndexInForce in_force(store, index_kind(config));
    Indexer(store, *index, in_force).rebuild_now(listener);
  }
}

}  // namespace killrvideo
