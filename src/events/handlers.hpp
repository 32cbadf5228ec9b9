// Who listens to which events.
//
// A handler is a coroutine that is called with each event of one type. It is called at least once
// for each, possibly again after it has succeeded (the process died before the event was taken off
// the outbox, or somebody sent it again later), so it must be idempotent: it had better look at
// what is stored than trust the event to be the latest of its kind. Events of one key come one
// after the other in the order in which they were written; those of different keys come at the same
// time. One that throws is called again some time later, and after a configured number of tries the
// event becomes a dead letter; at once if what it throws is invalid_argument, which says that the
// event can never be handled. One that throws RowNotVisible is tried again, too, but never too often,
// and later events of its key do not wait for it.
//
// An event of a type of which nothing is said here becomes a dead letter: it comes from a newer
// version of the program.
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

/// What an event tells of is not in the store, but may still come. To be thrown by handlers for
/// which the order of events does not matter, and for a limited time.
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
  /// Whether this process may take part now; asked at any time, by any thread.
  std::function<bool()> may_run = [] { return true; };
  /// An event is tried for as long as it takes, and becomes a dead letter only if it can never be
  /// handled.
  bool for_ever = false;
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

  /// Says that nobody here listens to these events, which are done as they are.
  template <class... Events>
  EventHandlers& on_nobody() {
    (by_type_[Events().GetTypeName()], ...);
    return *this;
  }

  /// Throws Error internal that names the first of these types of which nothing is said.
  void require(std::span<const std::string> types) const;

  /// Says of those with this name that several processes may call them at a time, with events of
  /// different keys.
  EventHandlers& in_parallel(std::string name, EventSharing sharing = {}) {
    parallel_[std::move(name)] = std::move(sharing);
    return *this;
  }

  /// Null: one process at a time. Valid for as long as this is.
  const EventSharing* sharing_of(std::string_view name) const {
    const auto found = parallel_.find(name);
    return found == parallel_.end() ? nullptr : &found->second;
  }

  /// The handlers of the message with this full name.
  std::span<const EventHandler> of(std::string_view type) const {
    const auto found = by_type_.find(type);
    return found == by_type_.end() ? std::span<const EventHandler>{} : found->second;
  }

  /// Whether something is said of the message with this full name.
  bool know(std::string_view type) const { return others_pass_ || by_type_.contains(type); }

  /// The names of all, each once, in alphabetical order.
  std::vector<std::string> names() const;

  /// Only those with this name; nobody listens to what else there may be.
  EventHandlers named(std::string_view name) const;

  /// The full names of the messages that somebody listens to.
  std::vector<std::string> types() const;

 private:
  std::map<std::string, std::vector<EventHandler>, std::less<>> by_type_;
  std::map<std::string, EventSharing, std::less<>> parallel_;
  bool others_pass_ = false;
};

}  // namespace killrvideo
