// What is counted and timed of the search.
#pragma once

#include <prometheus/collectable.h>

#include "common/metrics.hpp"

namespace killrvideo {

/// The search index of a process:
///   killrvideo_search_index_seconds{question}   histogram: questions to the index, `search` for
///                                               videos or `words` that complete one
///   killrvideo_search_stale_entries_total       entries that differ from the videos table
///   killrvideo_search_index_videos              videos in the index in use
///   killrvideo_search_index_waiting             videos that wait to be indexed
///   killrvideo_search_index_retries             videos that this process has put into the retry
///                                               queue since the index was unavailable
///   killrvideo_search_index_reachable           0 while the server of the index is unavailable
/// Any thread.
class SearchMetrics final : public prometheus::Collectable {
 public:
  SearchMetrics();

  Histogram search;
  Histogram words;
  ShardedCounter stale_entries;
  std::atomic<std::uint64_t> videos{0};
  std::atomic<std::uint64_t> waiting{0};
  std::atomic<std::uint64_t> retries{0};
  std::atomic<bool> reachable{true};

  std::vector<prometheus::MetricFamily> Collect() const override;
};

}  // namespace killrvideo
