// The words that the index knows.
#pragma once

#include <xapian.h>

#include "search/index.hpp"

namespace killrvideo::xapian_engine {

/// See SearchIndex::words.
std::vector<KnownWord> words_beginning(const Xapian::Database& database, const std::string& prefix,
                                       const std::string& after, std::size_t limit);

/// See SearchIndex::videos_with.
std::vector<IndexEntry> videos_having(const Xapian::Database& database, const std::string& word,
                                      std::size_t limit);

}  // namespace killrvideo::xapian_engine
