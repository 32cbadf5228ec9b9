// Checks of request fields that several services make. The limits are those of the contract.
//
// All throw invalid_argument that names the field and says what is wrong with it.
#pragma once

#include <algorithm>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "common/error.hpp"
#include "common/text.hpp"

namespace killrvideo {

struct Length {
  std::size_t least;
  std::size_t most;
};

/// The trimmed text; throws unless it has that many characters.
std::string check_text(std::string_view field, std::string_view text, Length length);

inline constexpr int largest_page = 1'000;
/// The number of rows in a page: larger sizes are cut to the largest.
std::size_t check_page_size(int page_size);

inline constexpr std::size_t most_ids = 100;

/// Ids of a list: 1 to most_ids of them. Returns each once, in the order of their first occurrence.
template <class Id>
std::vector<Id> check_ids(std::string_view field, std::span<const Id> ids) {
  if (ids.empty()) throw invalid(std::string(field), "at least one id is required");
  if (ids.size() > most_ids)
    throw invalid(std::string(field), "at most " + std::to_string(most_ids) + " ids are allowed, " +
                                          std::to_string(ids.size()) + " were given");
  std::vector<Id> once;
  for (const Id& id : ids)
    if (std::ranges::find(once, id) == once.end()) once.push_back(id);
  return once;
}

}  // namespace killrvideo
