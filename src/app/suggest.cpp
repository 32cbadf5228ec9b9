#include "app/suggest.hpp"

#include <algorithm>

#include "common/edit_distance.hpp"

namespace killrvideo {

std::string_view nearest(std::string_view word, std::span<const std::string_view> candidates) {
  std::string_view best;
  // A third of the word may be wrong; candidates that start with the word are always near.
  auto best_distance = std::max<std::size_t>(word.size() / 3, 1) + 1;
  EditWalk walk(word);
  for (const auto candidate : candidates) {
    const bool begins = word.size() > 1 && candidate.starts_with(word);
    const auto distance =
        begins ? std::size_t{1} : walk.step(candidate, best_distance - 1).distance;
    if (distance < best_distance) {
      best = candidate;
      best_distance = distance;
    }
  }
  return best;
}

std::string did_you_mean(std::string_view word, std::span<const std::string_view> candidates) {
  const auto name = nearest(word, candidates);
  return name.empty() ? std::string{} : "; did you mean '" + std::string(name) + "'?";
}

}  // namespace killrvideo
