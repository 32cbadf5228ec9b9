// Positions in listings, as paging tokens carry them: columns as CQL values.
#pragma once

#include <string>
#include <string_view>
#include <tuple>

#include "storage/table.hpp"

namespace killrvideo::storage {

template <class... Columns>
std::string encode_position(const Columns&... columns) {
  return values_from(std::tie(columns...)).bytes();
}

/// The columns of a position that encode_position() has written with the same types. Throws Error
/// invalid_argument on paging_state if they do not fit.
template <class... Columns>
std::tuple<Columns...> decode_position(std::string_view position) try {
  std::tuple<Columns...> columns;
  std::apply([&](auto&... column) { (read_value(take_value(position), column), ...); }, columns);
  return columns;
} catch (const Error&) {
  throw invalid("paging_state", "is not one of this listing");
}

}  // namespace killrvideo::storage
