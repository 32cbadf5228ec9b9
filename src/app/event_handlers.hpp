// The one place that says who listens to which events.
#pragma once

#include "events/handlers.hpp"

namespace killrvideo {

struct Config;
struct Services;
namespace storage {
class Store;
}

/// All handlers there are, whichever services this process offers: whoever delivers an event
/// delivers it to everyone. An embedded search index hears of events in the process that keeps it,
/// and only if that one has the store for itself: where several share it, each keeps an index of
/// its own, for which it looks at the store (search/follower.hpp). What is given outlives them.
EventHandlers event_handlers(storage::Store& store, Services& services, const Config& config);

}  // namespace killrvideo
