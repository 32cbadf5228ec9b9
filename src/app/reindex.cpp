#include "app/reindex.hpp"

#include "app/data_directory.hpp"
#include "search/in_force.hpp"
#include "search/xapian/index.hpp"

namespace killrvideo {

void build_search_index(storage::Store& store, const Config& config,
                        const Indexer::Listener& listener) {
  xapian_engine::Index index(search_directory(config));
  if (config.store == StoreEngine::cassandra) {
    FollowedIndex in_force(store);
    Indexer(store, index, in_force).rebuild_now(listener);
  } else {
    OnlyIndexInForce in_force(store);
    Indexer(store, index, in_force).rebuild_now(listener);
  }
}

}  // namespace killrvideo
