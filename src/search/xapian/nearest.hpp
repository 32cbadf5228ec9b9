// Known words that are spelt nearly like an unknown one.
#pragma once

#include <xapian.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace killrvideo::xapian_engine {

/// The words in the index at the least edit distance from `word` that any word has, if that is at
/// most `most`; sorted. An edit is a letter more, less, another one, or two neighbours exchanged.
std::vector<std::string> nearest_words(const Xapian::Database& database, std::string_view word,
                                       std::size_t most);

}  // namespace killrvideo::xapian_engine
