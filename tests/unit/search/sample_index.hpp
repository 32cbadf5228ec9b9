// An index of a few videos, in a directory that goes away with it.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "search/words.hpp"
#include "search/xapian/index.hpp"
#include "storage/temporary_directory.hpp"

namespace killrvideo {

/// Few and alike, so that queries match, and nearly match.
inline const std::vector<std::string> similar_words{
    "cat",  "cats", "bat",     "zebra", "zebras",  "cobra",   "okapi", "café",   "東京",
    "2001", "x",    "harbour", "the",   "Cat",     "labour",  "tac",   "éclair", "überzug",
    "cafe", "thé",  "cat's",   "CAFÉ",  "l'okapi", "o'cat's", "zébra", "eclair"};

struct SampleVideo {
  std::string name;
  std::string tags = {};
  std::string description = {};
};

/// The id of the video with this number.
inline VideoId sample_id(std::size_t number) {
  VideoId id;
  id.bytes[14] = static_cast<std::uint8_t>(number >> 8);
  id.bytes[15] = static_cast<std::uint8_t>(number);
  return id;
}

inline std::size_t number_of(const VideoId& id) {
  return static_cast<std::size_t>(id.bytes[14]) << 8 | id.bytes[15];
}

inline IndexedVideo indexed(std::size_t number, const SampleVideo& video) {
  const auto text = video.name + '\0' + video.tags + '\0' + video.description;
  return {sample_id(number),
          std::hash<std::string>{}(text),
          words_of(video.name),
          words_of(video.tags),
          words_of(video.description),
          {},
          completion_words_of(video.name + " " + video.tags + " " + video.description)};
}

inline std::vector<CompletionWord> words_in(const std::vector<Completion>& completions) {
  std::vector<CompletionWord> words;
  for (const auto& completion : completions) words.push_back(completion.word);
  return words;
}

class SampleIndex {
 public:
  /// The number of each video is its index in the list.
  explicit SampleIndex(const std::vector<SampleVideo>& given = {}) { rebuild(given); }

  void rebuild(const std::vector<SampleVideo>& given) {
    const auto id = Uuid::random();
    auto build = index.build(id);
    for (std::size_t i = 0; i < given.size(); ++i) build->add(indexed(i, given[i]));
    build->finish();
    build->keep();
    build.reset();
    if (!index.open(id)) throw std::runtime_error("the index cannot be opened");
  }

  void put(std::size_t number, const SampleVideo& video) {
    index.apply({{indexed(number, video)}, {}}, {});
  }
  void remove(std::size_t number) { index.apply({{}, {sample_id(number)}}, {}); }

  SearchHits search(const std::string& query, const SearchFrom& from = {},
                    std::size_t limit = 1'000) {
    auto words = words_of(query);
    std::ranges::sort(words);
    words.erase(std::ranges::unique(words).begin(), words.end());
    return run(index.search(Context{}, words, from, limit));
  }

  /// The numbers of the hits, best first.
  std::vector<std::size_t> found(const std::string& query) {
    std::vector<std::size_t> numbers;
    for (const auto& hit : search(query).hits) numbers.push_back(number_of(hit.video));
    return numbers;
  }

  std::vector<CompletionWord> completions(const std::string& beginning,
                                          const std::optional<CompletionWord>& after = {},
                                          std::size_t limit = 1'000) {
    return words_in(run(index.completions(Context{}, beginning, after, limit)));
  }

  storage::TemporaryDirectory directory{storage::memory_directory()};
  xapian_engine::Index index{directory.path() / "search"};
};

}  // namespace killrvideo
