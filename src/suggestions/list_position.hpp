// Positions in listings of suggestions: a letter that says in which part of the listing the last
// video was, and the columns after which it continues.
#pragma once

#include "storage/position.hpp"

namespace killrvideo {

enum class ListPart : char {
  start = '\0',          ///< before everything
  scores = 's',          ///< the best by score
  tag_lists = 't',       ///< the newest of each tag
  tag_partitions = 'l',  ///< all others of each tag
  cold_start = 'p',      ///< what is popular and new
};

inline ListPart part_of(std::string_view position) {
  return position.empty() ? ListPart::start : static_cast<ListPart>(position.front());
}

template <class... Columns>
std::string position_in(ListPart part, const Columns&... columns) {
  return static_cast<char>(part) + storage::values_from(std::tie(columns...)).bytes();
}

/// The columns of a position, which is not the start. Throws as storage::decode_position().
template <class... Columns>
std::tuple<Columns...> columns_of(std::string_view position) {
  return storage::decode_position<Columns...>(position.substr(1));
}

}  // namespace killrvideo
