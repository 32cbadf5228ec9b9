#include "search/opensearch/frequencies.hpp"

namespace killrvideo::opensearch {

std::optional<Frequencies> RecentFrequencies::find(const std::vector<std::string>& words) const {
  const std::lock_guard lock(mutex_);
  const auto now = clock_();
  if (now >= videos_.until) return std::nullopt;
  Frequencies found{.videos = videos_.count, .words = {}};
  for (const std::string& word : words) {
    const auto known = words_.find(word);
    if (known == words_.end() || now >= known->second.until) return std::nullopt;
    found.words[word] = known->second.count;
  }
  return found;
}

std::uint64_t RecentFrequencies::version() const {
  const std::lock_guard lock(mutex_);
  return version_;
}

void RecentFrequencies::keep(const Frequencies& found, std::uint64_t version) {
  const std::lock_guard lock(mutex_);
  if (version != version_) return;
  const auto until = clock_() + valid;
  videos_ = {found.videos, until};
  if (words_.size() + found.words.size() > most_words) words_.clear();
  for (const auto& [word, count] : found.words)
    if (count > 0) words_[word] = {count, until};
}

void RecentFrequencies::forget() {
  const std::lock_guard lock(mutex_);
  ++version_;
  words_.clear();
  videos_ = {};
}

}  // namespace killrvideo::opensearch
