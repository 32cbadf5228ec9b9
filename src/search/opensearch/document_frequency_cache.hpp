// How many videos had a word a moment ago: the rarity of a word hardly changes from one query to
// the next, and to ask for it costs as much as the query.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "common/versioned_cache.hpp"

namespace killrvideo::opensearch {

struct Frequencies {
  std::uint64_t videos = 0;                    ///< all there are
  std::map<std::string, std::uint64_t> words;  ///< of them those with each word
};

/// Any thread may call any function.
class DocumentFrequencyCache {
 public:
  using Clock = std::chrono::steady_clock;

  /// What other processes write shows after this time.
  static constexpr std::chrono::seconds valid{5};
  static constexpr std::size_t most_words = 20'000;

  explicit DocumentFrequencyCache(std::function<Clock::time_point()> clock = Clock::now)
      : clock_(std::move(clock)) {}

  /// What is known of these words; nothing unless all of them are known. A word that no video has
  /// is never known: one that has it may come at any time.
  std::optional<Frequencies> find(const std::vector<std::string>& words) const;

  /// Changes with every forget(); to be read before the question whose answer is kept.
  std::uint64_t version() const { return version_; }
  /// Keeps an answer, unless forget() was called since the question.
  void keep(const Frequencies& found, std::uint64_t version);
  /// To be called after a change.
  void forget() { ++version_; }

 private:
  struct Known {
    std::uint64_t count = 0;
    std::uint64_t videos = 0;  // all there were then
    Clock::time_point until{};
  };

  const std::function<Clock::time_point()> clock_;
  std::atomic<std::uint64_t> version_{0};
  VersionedCache<std::uint64_t, std::string, Known> words_{
      most_words, [](const std::string&, const Known&) { return std::size_t{1}; }};
};

}  // namespace killrvideo::opensearch
