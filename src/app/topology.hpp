// What a deployment is: which parts its processes share, and what this one has to do.
#pragma once

#include "app/config.hpp"
#include "storage/engine.hpp"

namespace killrvideo {

/// Decided once, by topology_of(), and asked instead of the configuration.
struct Topology {
  bool store_is_shared;        ///< other processes may use the store at the same time
  bool batches_appear_whole;   ///< in the store; else a row may be missing beside its event
  bool index_is_shared;        ///< a server has one index for all; else each process embeds its own
  bool events_over_kafka;      ///< else handlers are called by the process that delivers
  bool recommender_is_shared;  ///< processes divide the work, by Kafka's partitions
  bool delivers_events;        ///< this process does, or may take over from the one that does
  bool serves_searches;
  bool serves_only_searches;

  /// Whether the embedded index of a process follows what others write by reading the store, as
  /// events come to one process only.
  bool index_follows_store() const { return store_is_shared && !index_is_shared; }
  /// Whether this process writes to the index: a shared one is kept by whoever delivers events.
  bool keeps_index() const { return serves_searches || (index_is_shared && delivers_events); }
  /// Whether what the events tell is brought into the index by their handlers.
  bool index_hears_of_events() const {
    return delivers_events && (index_is_shared || (serves_searches && !store_is_shared));
  }
};

/// `store` are the traits of the engine that the configuration names.
Topology topology_of(const Config& config, const storage::EngineTraits& store);

}  // namespace killrvideo
