// How many videos have a word, as it was a moment ago: what a query's words weigh hardly changes
// from one query to the next, and to ask for it costs as much as the query.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace killrvideo::opensearch {

struct Frequencies {
  std::uint64_t videos = 0;                    ///< all there are
  std::map<std::string, std::uint64_t> words;  ///< of them those with each word
};

/// All of it may be used by any thread.
class RecentFrequencies {
 public:
  using Clock = std::chrono::steady_clock;

  /// So long, what other processes write may pass by.
  static constexpr std::chrono::seconds valid{5};
  static constexpr std::size_t most_words = 20'000;

  explicit RecentFrequencies(std::function<Clock::time_point()> clock = Clock::now)
      : clock_(std::move(clock)) {}

  /// What is known of these words; nothing unless it is of all. Never of a word that no video has:
  /// one that has it may come at any time.
  std::optional<Frequencies> find(const std::vector<std::string>& words) const;

  /// Changes with every forget(); to be taken before the question whose answer is kept.
  std::uint64_t version() const;
  /// Keeps an answer, unless there was a forget() since the question.
  void keep(const Frequencies& found, std::uint64_t version);
  /// To be called after a change.
  void forget();

 private:
  struct Known {
    std::uint64_t count = 0;
    Clock::time_point until{};
  };

  const std::function<Clock::time_point()> clock_;
  mutable std::mutex mutex_;
  std::unordered_map<std::string, Known> words_;
  Known videos_{};
  std::uint64_t version_ = 0;
};

}  // namespace killrvideo::opensearch
