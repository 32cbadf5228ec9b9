// Members of JSON that others have written: what is missing or of another type is empty, as etcd
// leaves out what is zero or empty. Numbers of 64 bits are texts in it.
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
