// The best hits of a search, and those that follow a hit.
#pragma once

#include "search/index.hpp"
#include "search/xapian/kept_postings.hpp"

namespace killrvideo::xapian_engine {

/// See SearchIndex::search.
SearchHits find_hits(PostingsReader& reader, const std::vector<std::string>& words,
                     const SearchFrom& from, std::size_t limit);

}  // namespace killrvideo::xapian_engine
