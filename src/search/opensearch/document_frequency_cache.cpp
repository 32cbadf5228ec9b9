#include "search/opensearch/document_frequency_cache.hpp"

namespace killrvideo::opensearch {

std::optional<Frequencies> DocumentFrequencyCache::find(
    const std::vector<std::string>& words) const {
  const auto version = version_.load();
  const auto now = clock_();
  std::optional<Frequencies> found;
  Clock::time_point newest{};
  for (const std::string& word : words) {
    const auto known = words_.find(version, word);
    if (!known || now >= known->until) return std::nullopt;
    if (!found) found.emplace();
    found->words[word] = known->count;
    if (known->until < newest) continue;
    newest = known->until;
    found->videos = known->videos;
  }
  return found;
}

void DocumentFrequencyCache::keep(const Frequencies& found, std::uint64_t version) {
  if (version != version_) return;
  const auto until = clock_() + valid;
  for (const auto& [word, count] : found.words)
    if (count > 0) words_.keep(version, word, {count, found.videos, until});
}

}  // namespace killrvideo::opensearch
