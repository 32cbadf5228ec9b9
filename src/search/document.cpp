#include "search/document.hpp"

#include <algorithm>

#include "common/checksum.hpp"
#include "search/words.hpp"
#include "storage/values.hpp"

namespace killrvideo {
namespace {

std::vector<std::string> words_of_all(const storage::TextSet& texts) {
  std::vector<std::string> words;
  for (const auto& text : texts)
    for (auto& word : words_of(text)) words.push_back(std::move(word));
  return words;
}

std::vector<std::string_view> texts_of(const Video& video) {
  std::vector<std::string_view> texts(video.tags.begin(), video.tags.end());
  texts.insert(texts.end(), {video.name, video.description});
  return texts;
}

// Each of them once.
std::vector<CompletionWord> completion_words_of_all(const Video& video) {
  std::vector<CompletionWord> words;
  for (const auto text : texts_of(video))
    std::ranges::move(completion_words_of(text), std::back_inserter(words));
  std::ranges::sort(words);
  const auto rest = std::ranges::unique(words);
  words.erase(rest.begin(), rest.end());
  return words;
}

}  // namespace

IndexedVideo indexed(const Video& video) {
  return {video.videoid,
          fingerprint_of(video),
          words_of(video.name),
          words_of_all(video.tags),
          words_of(video.description),
          video.added_date.value_or(Timestamp::min()),
          completion_words_of_all(video)};
}

std::uint64_t fingerprint_of(const Video& video) {
  storage::Values content;
  content.reserve(video.name.size() + video.description.size() + 256);
  storage::append_value(content, video.name);
  storage::append_value(content, video.description);
  storage::append_value(content, video.tags);
  storage::append_value(content, video.added_date);
  return checksum(content.bytes(), "killrvideo hash");
}

bool has_any_word(const Video& video, std::span<const std::string> words) {
  return std::ranges::any_of(texts_of(video), [&](std::string_view text) {
    return std::ranges::any_of(words_of(text), [&](const std::string& word) {
      return std::ranges::find(words, word) != words.end();
    });
  });
}

bool has_completion(const Video& video, const CompletionWord& word) {
  return std::ranges::any_of(texts_of(video), [&](std::string_view text) {
    const auto words = completion_words_of(text);
    return std::ranges::find(words, word) != words.end();
  });
}

}  // namespace killrvideo
