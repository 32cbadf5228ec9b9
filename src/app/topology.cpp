#include "app/topology.hpp"

namespace killrvideo {

Topology topology_of(const Config& config, const storage::EngineTraits& store) {
  const bool kafka = config.kafka.enabled();
  return {
      .store_is_shared = store.shared,
      .batches_appear_whole = store.batches_appear_whole,
      .index_is_shared = !config.search.is_embedded(),
      .events_over_kafka = kafka,
      .recommender_is_shared = kafka && store.shared,
      .delivers_events = config.deliver_events,
      .serves_searches = config.services.contains(Service::search),
      .serves_only_searches = config.services == std::set{Service::search},
  };
}

}  // namespace killrvideo
