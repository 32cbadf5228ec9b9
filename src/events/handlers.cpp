#include "events/handlers.hpp"

#include <set>

namespace killrvideo {

std::vector<std::string> EventHandlers::names() const {
  std::set<std::string> names;
  for (const auto& [type, handlers] : by_type_)
    for (const EventHandler& handler : handlers) names.insert(handler.name);
  return {names.begin(), names.end()};
}

EventHandlers EventHandlers::named(std::string_view name) const {
  EventHandlers chosen;
  for (const auto& [type, handlers] : by_type_)
    for (const EventHandler& handler : handlers)
      if (handler.name == name) chosen.on(type, handler);
  return chosen;
}

std::vector<std::string> EventHandlers::types() const {
  std::vector<std::string> types;
  types.reserve(by_type_.size());
  for (const auto& [type, handlers] : by_type_) types.push_back(type);
  return types;
}

}  // namespace killrvideo
