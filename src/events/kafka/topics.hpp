// Which events are on which topics. Consumers of all KillrVideo back ends rely on it.
//
// A record's key is the id of the user or video that the event is about, as text; its value is the
// serialised message. Its header `type` has the message's full name.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace killrvideo::kafka {

/// The topic of the messages with this full name; empty if they have none.
std::string topic_of(std::string_view type);

/// The type of a topic's records without a type header; empty if its records must have the header.
std::string usual_type_of(std::string_view topic);

/// The full names of all messages that have topics.
std::vector<std::string> types_with_topics();

/// Throws Error internal, with the first of these types that has no topic, if there is one.
void require_topics(std::span<const std::string> types);

/// The topics of these messages, each once.
std::vector<std::string> topics_of(std::span<const std::string> types);

/// The header that names the message.
inline constexpr const char* type_header = "type";
/// The header with the id of the event: a time-based UUID, whose time is that of its writing.
inline constexpr const char* event_header = "event-id";

}  // namespace killrvideo::kafka
