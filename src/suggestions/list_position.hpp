// Positions in listings of suggestions, as paging tokens carry them: a letter that says in which
// part of the listing the last video was, and the columns after which it continues, as CQL values.
#pragma once

#include <string>
#include <string_view>
#include <tuple>

#include "common/error.hpp"
#include "storage/table.hpp"

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
std::string encode_position(ListPart part, const Columns&... columns) {
  storage::Values values;
  (storage::append_value(values, columns), ...);
  return static_cast<char>(part) + values.bytes();
}

/// The columns of a position that encode_position() has written with the same types. Throws
/// invalid_argument if they do not fit.
template <class... Columns>
std::tuple<Columns...> decode_position(std::string_view position) try {
  position.remove_prefix(1);
  std::tuple<Columns...> columns;
  std::apply(
      [&](auto&... column) { (storage::read_value(storage::take_value(position), column), ...); },
      columns);
  return columns;
} catch (const Error&) {
  throw invalid("paging_state", "is not one of this listing");
}

}  // namespace killrvideo
