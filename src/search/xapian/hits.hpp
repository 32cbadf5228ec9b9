// The best hits of a search, and those that follow a hit.
#pragma once

#include "search/index.hpp"
#include "search/plan.hpp"
#include "search/xapian/posting_cache.hpp"

namespace killrvideo::xapian_engine {

/// See SearchIndex::search.
SearchHits find_hits(PostingsReader& reader, const std::vector<std::string>& words,
                     const SearchFrom& from, std::size_t limit);

/// What a search for folded words looks for in this database.
Plan plan_of(const Xapian::Database& database, const std::vector<std::string>& words);

}  // namespace killrvideo::xapian_engine
