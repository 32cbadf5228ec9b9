// Who listens to which events.
//
// A handler is a coroutine that is called with each event of one type, at least once. It may be
// called again after it has succeeded (the process died before the event was acknowledged, or an
// operator sent it again), so it must be idempotent: it should read the store instead of trusting
// that the event is the latest of its kind. Events of one key come one after the other, in the
// order in which they were written; events of different keys come concurrently. If a handler
// throws, it is called again after a pause; after a configured number of tries the event becomes a
// dead letter. If it throws invalid_argument, the event can never be handled and becomes a dead
// letter at once. If it throws RowNotVisible, it is called again without limit, and later events of
// the key do not wait.
//
// An event of an unknown type becomes a dead letter: it comes from a newer version of the program.
//
// Handlers are registered in src/app/event_handlers.cpp and nowhere else.
#pragma once

#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/context.hpp"
#include "common/error.hpp"
#include "common/task.hpp"
#include "events/outbox.hpp"

namespace killrvideo {

/// The row that an event is about is not in the store, but may become visible. Handlers may throw
/// it if the order of events does not matter to them, and for a limited time only.
class RowNotVisible : public Error {
 public:
  explicit RowNotVisible(const std::string& what) : Error(Code::not_found, what) {}
};

struct EventHandler {
  std::string name;  ///< in metrics, logs and dead letters
  /// The event outlives the task.
  std::function<Task<void>(const Context&, const OutboxEvent&)> handle;
};

/// How processes share the events for the handlers of one name, where they can.
struct EventSharing {
  /// Whether this process may handle these events now; called at any time, by any thread.
  std::function<bool()> may_run = [] { return true; };
  /// Tries have no limit: an event becomes a dead letter only if it can never be handled.
  bool unlimited_tries = false;
};

class EventHandlers {
 public:
  /// Has `handle` called with every Event. Handlers of one type are called in the order in which
  /// they were added. One name may stand for handlers of several types, which then share metrics.
  template <class Event>
  EventHandlers& on(std::string name,
                    std::function<Task<void>(const Context&, const Event&)> handle) {
    return on(Event().GetTypeName(),
              {std::move(name),
               [handle = std::move(handle)](const Context& context,
                                            const OutboxEvent& written) -> Task<void> {
                 Event event;
                 if (!event.ParseFromString(written.payload.bytes))
                   throw Error(Code::invalid_argument,
                               "the event cannot be read: it is no " + event.GetTypeName());
                 co_await handle(context, event);
               }});
  }

  /// Has a handler called with every event whose message has this full name.
  EventHandlers& on(std::string type, EventHandler handler) {
    by_type_[std::move(type)].push_back(std::move(handler));
    return *this;
  }

  /// Registers events without handlers: they are acknowledged at once.
  template <class... Events>
  EventHandlers& on_nobody() {
    (by_type_[Events().GetTypeName()], ...);
    return *this;
  }

  /// Throws Error internal that names the first of these types that was not registered.
  void require(std::span<const std::string> types) const;

  /// Allows several processes to call the handlers of this name concurrently, with events of
  /// different keys.
  EventHandlers& in_parallel(std::string name, EventSharing sharing = {}) {
    parallel_[std::move(name)] = std::move(sharing);
    return *this;
  }

  /// Null: one process at a time. Valid as long as this object is.
  const EventSharing* sharing_of(std::string_view name) const {
    const auto found = parallel_.find(name);
    return found == parallel_.end() ? nullptr : &found->second;
  }

  /// The handlers of the message with this full name.
  std::span<const EventHandler> of(std::string_view type) const {
    const auto found = by_type_.find(type);
    return found == by_type_.end() ? std::span<const EventHandler>{} : found->second;
  }

  /// Whether the message with this full name was registered.
  bool know(std::string_view type) const { return others_pass_ || by_type_.contains(type); }

  /// The names of all handlers, each once, in alphabetical order.
  std::vector<std::string> names() const;

  /// The handlers with this name alone; all other events count as registered without handlers.
  EventHandlers named(std::string_view name) const;

  /// The full names of the messages that have handlers.
  std::vector<std::string> types() const;

 private:
  std::map<std::string, std::vector<EventHandler>, std::less<>> by_type_;
  std::map<std::string, EventSharing, std::less<>> parallel_;
  bool others_pass_ = false;
};

}  // namespace killrvideo
