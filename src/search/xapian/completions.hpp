// The words for completions that the index has.
#pragma once

#include <xapian.h>

#include "search/index.hpp"

namespace killrvideo::xapian_engine {

/// See SearchIndex::completions.
std::vector<Completion> completions_of(const Xapian::Database& database,
                                       const std::string& beginning,
                                       const std::optional<CompletionWord>& after,
                                       std::size_t limit);

/// See SearchIndex::videos_with.
std::vector<IndexEntry> videos_having(const Xapian::Database& database, const CompletionWord& word,
                                      std::size_t limit);

}  // namespace killrvideo::xapian_engine
