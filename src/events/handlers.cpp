#include "events/handlers.hpp"

#include <set>

namespace killrvideo {

void EventHandlers::require(std::span<const std::string> types) const {
  for (const std::string& type : types)
    if (!know(type))
      throw Error(Code::internal, "no handler for the event " + type +
                                      ": src/app/event_handlers.cpp has to say who listens to it, "
                                      "or that nobody does");
}

std::vector<std::string> EventHandlers::names() const {
  std::set<std::string> names;
  for (const auto& [type, handlers] : by_type_)
    for (const EventHandler& handler : handlers) names.insert(handler.name);
  return {names.begin(), names.end()};
}

EventHandlers EventHandlers::named(std::string_view name) const {
  EventHandlers chosen;
  chosen.others_pass_ = true;
  for (const auto& [type, handlers] : by_type_)
    for (const EventHandler& handler : handlers)
      if (handler.name == name) chosen.on(type, handler);
  return chosen;
}

std::vector<std::string> EventHandlers::types() const {
  std::vector<std::string> types;
  for (const auto& [type, handlers] : by_type_)
    if (!handlers.empty()) types.push_back(type);
  return types;
}

}  // namespace killrvideo
