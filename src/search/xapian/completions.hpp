// The words for completions that the index has.
#pragma once

#include <xapian.h>

#include <boost/container_hash/hash.hpp>
#include <optional>
#include <string>
#include <vector>

#include "common/versioned_cache.hpp"
#include "search/index.hpp"
#include "search/xapian/readers.hpp"

namespace killrvideo::xapian_engine {

/// See SearchIndex::completions.
std::vector<Completion> completions_of(const Xapian::Database& database,
                                       const std::string& beginning,
                                       const std::optional<CompletionWord>& after,
                                       std::size_t limit);

/// See SearchIndex::videos_with.
std::vector<IndexEntry> videos_having(const Xapian::Database& database, const CompletionWord& word,
                                      std::size_t limit);

// Lists of completions that were asked for before are cached: most users type the beginnings of the
// same words. A list is used only while the index is what it was when the list was made. Whoever
// asks looks the videos up in the store.

struct CompletionQuestion {
  std::string beginning;
  std::string after;  ///< the key of a word, or empty
  std::size_t limit = 0;
  bool operator==(const CompletionQuestion&) const = default;

  struct Hash {
    std::size_t operator()(const CompletionQuestion& question) const {
      std::size_t hash = question.limit;
      boost::hash_combine(hash, question.beginning);
      boost::hash_combine(hash, question.after);
      return hash;
    }
  };
};

using CompletionCache = VersionedCache<IndexState, CompletionQuestion, std::vector<Completion>,
                                       CompletionQuestion::Hash>;

/// An empty one, for some 3 MB. An empty list takes room, too.
inline CompletionCache make_completion_cache() {
  return {20'000, [](const CompletionQuestion&, const std::vector<Completion>& answer) {
            return answer.size() + 1;
          }};
}

}  // namespace killrvideo::xapian_engine
