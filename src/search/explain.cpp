#include "search/explain.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <ranges>

#include "common/error.hpp"
#include "search/document.hpp"

namespace killrvideo {
namespace {

Error unexplainable(const std::string& why) { return Error(Code::failed_precondition, why); }

void check_entry(const Video& row, const std::optional<IndexEntry>& entry) {
  const auto id = row.videoid.to_string();
  if (!entry) throw unexplainable("the video " + id + " is not in the search index");
  if (entry->fingerprint != fingerprint_of(row))
    throw unexplainable("the search index has the video " + id +
                        " as it was before its row changed; the next search that finds it, or "
                        "killrvideo reindex, brings the index up to date");
}

ExplainedWord explain_word(const PlannedWord& planned, const IndexedVideo& video,
                           const std::unordered_map<std::string_view, WordImpact>& impacts) {
  ExplainedWord word{planned, field_impacts_of(video, planned.word)};
  if (const auto found = impacts.find(planned.word); found != impacts.end())
    word.impact = found->second.units * found->second.tier->unit;
  word.weight = weight_of(planned) * word.impact;
  return word;
}

std::vector<std::string> ignored_words(std::span<const std::string> words, const Plan& plan) {
  std::vector<std::string> ignored;
  for (const auto& word : words)
    if (std::ranges::find(plan, word, &PlannedWord::typed) == plan.end()) ignored.push_back(word);
  return ignored;
}

// OpenSearch rounds each part of a sum, and the sum, to a float.
bool is_equal_in_floats(double a, double b) {
  return std::abs(a - b) <= 2 * std::numeric_limits<float>::epsilon() * std::max(a, b);
}

}  // namespace

Explanation explain(const Video& row, std::span<const std::string> words,
                    const Weighing& weighing) {
  check_entry(row, weighing.entry);
  if (weighing.plan.empty())
    throw unexplainable("query: no video has a word of it, or one that is spelt nearly so");
  const auto video = indexed(row);
  const auto impacts = impacts_of(video);
  Explanation explanation;
  for (const auto& planned : weighing.plan) {
    explanation.words.push_back(explain_word(planned, video, impacts));
    explanation.weight += explanation.words.back().weight;
  }
  explanation.ignored = ignored_words(words, weighing.plan);
  if (!is_equal_in_floats(explanation.weight, weighing.weight))
    throw Error(Code::internal, "the search index ranks the video by " +
                                    std::to_string(weighing.weight) + ", its words add up to " +
                                    std::to_string(explanation.weight) +
                                    "; killrvideo reindex rebuilds the index");
  if (explanation.weight == 0)
    throw unexplainable(
        "the video " + row.videoid.to_string() +
        " is no hit: it has none of the words that are searched: " +
        fmt::format("{}",
                    fmt::join(std::views::transform(weighing.plan, &PlannedWord::word), ", ")));
  return explanation;
}

}  // namespace killrvideo
