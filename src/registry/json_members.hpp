// Members of etcd's JSON. A member that is missing or has another type reads as empty, since etcd
// omits zero and empty members. It writes 64-bit numbers as texts.
#pragma once

#include <boost/json/value.hpp>
#include <string>
#include <string_view>

namespace killrvideo::registry {

inline boost::json::value member_of(const boost::json::value& value, std::string_view name) {
  const auto* object = value.if_object();
  const auto* member = object != nullptr ? object->if_contains(name) : nullptr;
  return member != nullptr ? *member : boost::json::value();
}

inline std::string text_in(const boost::json::value& value, std::string_view name) {
  const auto member = member_of(value, name);
  return member.is_string() ? std::string(member.get_string()) : std::string();
}

inline boost::json::array array_in(const boost::json::value& value, std::string_view name) {
  const auto member = member_of(value, name);
  return member.is_array() ? member.get_array() : boost::json::array();
}

}  // namespace killrvideo::registry
