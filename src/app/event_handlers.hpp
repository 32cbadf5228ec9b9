// The one place that says who listens to which events.
#pragma once

#include "events/handlers.hpp"

namespace killrvideo {

class IndexUpdater;
class Recommender;
class TagIndex;
struct Topology;
namespace storage {
class Store;
}

/// Who listens; the index updater is there if its index hears of events.
struct EventConsumers {
  Recommender* recommender;
  TagIndex* tag_index;
  IndexUpdater* index_updater;
};

/// All handlers there are, whichever services this process offers: whoever delivers an event
/// delivers it to everyone. An embedded search index hears of events in the process that keeps it,
/// and only if that one has the store for itself: where several share it, each keeps an index of
/// its own, for which it looks at the store (search/follower.hpp). The store and the consumers
/// outlive the handlers. Throws Error internal that names an event of which nothing is said here,
/// if there is one.
EventHandlers event_handlers(storage::Store& store, const EventConsumers& consumers,
                             const Topology& topology);

}  // namespace killrvideo
