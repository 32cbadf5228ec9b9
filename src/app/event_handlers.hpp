// The one place that says who listens to which events.
#pragma once

#include "events/handlers.hpp"
#include "suggestions/rebuild.hpp"

namespace killrvideo {

struct Config;
class SharedRecommender;
struct Services;
namespace storage {
class Store;
}

/// Who counts ratings: processes share it where they share the store and Kafka.
Counting counting(const Config& config);

/// All handlers there are, whichever services this process offers: whoever delivers an event
/// delivers it to everyone. An embedded search index hears of events in the process that keeps it,
/// and only if that one has the store for itself: where several share it, each keeps an index of
/// its own, for which it looks at the store (search/follower.hpp). `shared_recommender` is there if
/// ratings are counted by partitions. What is given outlives them. Throws Error internal that names
/// an event of which nothing is said here, if there is one.
EventHandlers event_handlers(storage::Store& store, Services& services,
                             SharedRecommender* shared_recommender, const Config& config);

}  // namespace killrvideo
