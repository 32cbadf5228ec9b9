// All types of events.
#pragma once

#include <string>
#include <vector>

namespace killrvideo {

/// The full names of all messages of proto/killrvideo/*/*_events.proto. Throws Error internal if
/// the program has been linked without one of these files, as nothing in it uses one.
std::vector<std::string> event_types();

}  // namespace killrvideo
