// Searching for videos, and completing what users type.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "catalog/tables.hpp"
#include "common/paging.hpp"
#include "search/index.hpp"
#include "search/index_updater.hpp"
#include "search/metrics.hpp"

namespace killrvideo {

/// The trimmed text of a query (1 to 500 characters). Throws Error invalid_argument on query.
std::string check_query(std::string_view query);

/// The words that a query is searched by, each once.
std::vector<std::string> words_of_query(std::string_view query);

/// The index only says where to look. Every answer is checked against the videos table: an entry
/// that differs from it is left out, and refreshed in the index.
class Search {
 public:
  /// Uses, but does not own, all of them.
  Search(storage::Store& store, SearchIndex& index, IndexUpdater& updater, SearchMetrics& metrics)
      : store_(store), index_(index), updater_(updater), metrics_(metrics) {}

  /// The videos that have any of the words in `query` (1 to 500 characters, any text), best first;
  /// see SearchIndex::search. A page is short of its size, though others follow, if thousands of
  /// stale entries were met. Throws unavailable while there is no index.
  Task<PageResult<Video>> videos_for(const Context& context, std::string query, int page_size,
                                     std::string paging_state);

  /// The words of videos that begin with the last word of `query`, but for that word itself in any
  /// spelling and stop words, as they are spelt; in alphabetical order without case and accents, at
  /// most `page_size`. Throws unavailable while there is no index.
  Task<std::vector<std::string>> completions(const Context& context, std::string query,
                                             int page_size);

 private:
  /// Whether the row of one of the entries still is what was looked for.
  using StillFits = std::function<bool(std::size_t entry, const Video& row)>;

  Task<std::vector<std::optional<Video>>> rows_of(const Context& context,
                                                  std::span<const IndexEntry> entries,
                                                  const StillFits& still_fits);
  Task<bool> any_has(const Context& context, const CompletionWord& word, std::size_t& looked_at);

  storage::Store& store_;
  SearchIndex& index_;
  IndexUpdater& updater_;
  SearchMetrics& metrics_;
};

}  // namespace killrvideo
