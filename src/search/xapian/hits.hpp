// The best hits of a search, and those that follow a hit.
#pragma once

#include <xapian.h>

#include "search/index.hpp"

namespace killrvideo::xapian_engine {

/// See SearchIndex::search.
SearchHits find_hits(const Xapian::Database& database, const std::vector<std::string>& words,
                     const SearchFrom& from, std::size_t limit);

}  // namespace killrvideo::xapian_engine
