// Places in listings of suggestions, as paging tokens carry them: a letter that says by what the
// listing goes on, and the columns that it goes on after, as CQL values.
#pragma once

#include <string>
#include <string_view>
#include <tuple>

#include "common/error.hpp"
#include "storage/table.hpp"

namespace killrvideo {

enum class PlaceKind : char {
  start = '\0',      ///< before everything
  score = 's',       ///< the best by score
  tag = 't',         ///< those in the lists of tags
  long_tag = 'l',    ///< those that tags have beside these
  popularity = 'p',  ///< what is popular and new
};

inline PlaceKind kind_of(std::string_view place) {
  return place.empty() ? PlaceKind::start : static_cast<PlaceKind>(place.front());
}

template <class... Columns>
std::string write_place(PlaceKind kind, const Columns&... columns) {
  storage::Values values;
  (storage::append_value(values, columns), ...);
  return static_cast<char>(kind) + values.bytes();
}

/// The columns of a place that write_place() has written with the same types. Throws
/// invalid_argument if they do not fit.
template <class... Columns>
std::tuple<Columns...> read_place(std::string_view place) try {
  place.remove_prefix(1);
  std::tuple<Columns...> columns;
  std::apply(
      [&](auto&... column) { (storage::read_value(storage::take_value(place), column), ...); },
      columns);
  return columns;
} catch (const Error&) {
  throw invalid("paging_state", "is not one of this listing");
}

}  // namespace killrvideo
