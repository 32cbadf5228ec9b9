// What an engine tells of a search and one video, for those who want to know why it ranks so.
#pragma once

#include <cstdint>
#include <optional>

#include "search/index.hpp"
#include "search/plan.hpp"

namespace killrvideo {

struct Weighing {
  std::uint64_t videos = 0;         ///< in the index
  Plan plan;                        ///< what a search looks for; empty: nothing matches
  std::optional<IndexEntry> entry;  ///< of the video, if the index has it
  double weight = 0;                ///< by which the search ranks the video; 0: it is no hit
};

}  // namespace killrvideo
