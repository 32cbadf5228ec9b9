// What is counted and timed of the search.
#pragma once

#include <prometheus/collectable.h>

#include "common/metrics.hpp"

namespace killrvideo {

/// The search index of a process:
///   killrvideo_search_index_seconds{question}   histogram: questions to the index, `search` for
///                                               videos or `words` that complete one
///   killrvideo_search_leftovers_total           entries that the videos table did not bear out
///   killrvideo_search_index_videos              videos in the index in use
///   killrvideo_search_index_waiting             videos that wait to be indexed again
///   killrvideo_search_index_missed              videos that this process has left for an index
///                                               that was unavailable
///   killrvideo_search_index_reachable           0 while the server of the index is unavailable
/// Any thread.
class SearchMetrics final : public prometheus::Collectable {
 public:
  SearchMetrics();

  Histogram search;
  Histogram words;
  ShardedCounter leftovers;
  std::atomic<std::uint64_t> videos{0};
  std::atomic<std::uint64_t> waiting{0};
  std::atomic<std::uint64_t> missed{0};
  std::atomic<bool> reachable{true};

  std::vector<prometheus::MetricFamily> Collect() const override;
};

}  // namespace killrvideo
