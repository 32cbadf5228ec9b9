// The questions of the port, as requests to an index that an alias names.
#pragma once

#include <chrono>

#include "search/explain.hpp"
#include "search/index.hpp"
#include "search/opensearch/client.hpp"
#include "search/opensearch/document_frequency_cache.hpp"

namespace killrvideo::opensearch {

/// Asks for the time of a call. Everything throws Error unavailable if there is no answer in time
/// or no index of this name.
class Questions {
 public:
  Questions(Client& client, DocumentFrequencyCache& frequencies, std::string alias,
            std::chrono::steady_clock::time_point until)
      : client_(client),
        document_frequency_cache_(frequencies),
        alias_(std::move(alias)),
        until_(until) {}

  /// See SearchIndex.
  Task<SearchHits> search(const std::vector<std::string>& words, const SearchFrom& from,
                          std::size_t limit);
  Task<std::vector<Completion>> completions(const std::string& beginning,
                                            const std::optional<CompletionWord>& after,
                                            std::size_t limit);
  Task<std::vector<IndexEntry>> videos_with(const CompletionWord& word, std::size_t limit);
  Task<std::vector<std::optional<IndexEntry>>> entries(std::span<const VideoId> ids);

  /// What a search for folded words finds in the video.
  Task<Weighing> weigh(const std::vector<std::string>& words, const VideoId& video);

 private:
  Task<boost::json::value> ask(const boost::json::value& body);
  Task<Plan> make_plan(const std::vector<std::string>& words);
  Task<Frequencies> frequencies(const std::vector<std::string>& words);
  Task<Frequencies> count(const std::vector<std::string>& words);
  Task<std::vector<IndexEntry>> entries_of(boost::json::object query, std::size_t limit);
  Task<std::vector<std::vector<std::string>>> suggestions(const std::vector<std::string>& words);

  Client& client_;
  DocumentFrequencyCache& document_frequency_cache_;
  const std::string alias_;
  const std::chrono::steady_clock::time_point until_;
};

/// What a search for folded words finds in the video, by the index in use. It takes no part in the
/// upkeep of that, as Index does. Throws Error as Client and Questions do.
Weighing weigh(const Options& options, const std::vector<std::string>& words, const VideoId& video);

/// A regular expression of Lucene for the keys (key_of) of the words for completions that begin
/// with `beginning` and are longer, and come after `after` if that is given.
std::string keys_after(const std::string& beginning, const std::optional<CompletionWord>& after);

}  // namespace killrvideo::opensearch
