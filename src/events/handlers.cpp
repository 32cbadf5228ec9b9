#include "events/handlers.hpp"

#include <set>

namespace killrvideo {

std::vector<std::string> EventHandlers::names() const {
  std::set<std::string> names;
  for (const auto& [type, handlers] : by_type_)
    for (const EventHandler& handler : handlers) names.insert(handler.name);
  return {names.begin(), names.end()};
}

}  // namespace killrvideo
