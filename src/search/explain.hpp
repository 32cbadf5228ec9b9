// How a video comes to its rank among the hits of a search.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "catalog/tables.hpp"
#include "search/impacts.hpp"
#include "search/index.hpp"
#include "search/plan.hpp"

namespace killrvideo {

/// What an engine tells of a search and one video.
struct Weighing {
  std::uint64_t videos = 0;         ///< in the index
  Plan plan;                        ///< what a search looks for; empty: nothing matches
  std::optional<IndexEntry> entry;  ///< of the video, if the index has it
  double weight = 0;                ///< by which the search ranks the video; 0: it is no hit
};

/// A word that is searched, and what it adds to the video's weight.
struct ExplainedWord {
  PlannedWord word;
  std::vector<FieldImpact> fields;  ///< those of the video that have the word
  double impact = 0;                ///< what they add up to, rounded as indexes have it
  double weight = 0;                ///< the impact times weight_of(word)
};

struct Explanation {
  std::vector<ExplainedWord> words;
  std::vector<std::string> ignored;  ///< words of the query for which nothing is searched
  double weight = 0;                 ///< the words' sum, by which hits are ranked
};

/// Explains what an index, asked for `words`, told of the video with this row. Throws Error
/// failed_precondition if the video is no hit, is not in the index or changed since it was indexed,
/// and internal if the index ranks it otherwise.
Explanation explain(const Video& row, std::span<const std::string> words, const Weighing& weighing);

}  // namespace killrvideo
