#include "search/metrics.hpp"

#include "common/metric_samples.hpp"

namespace killrvideo {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

constexpr std::array<std::uint64_t, 13> bounds{10 * us,  25 * us,  50 * us,   100 * us, 250 * us,
                                               500 * us, 1 * ms,   2500 * us, 5 * ms,   10 * ms,
                                               25 * ms,  100 * ms, 1'000 * ms};

ClientMetric asked(const Histogram& times, const char* question) {
  return labelled(times.collect(), {{"question", question}});
}

}  // namespace

SearchMetrics::SearchMetrics() : search(bounds, per_nanosecond), words(bounds, per_nanosecond) {}

std::vector<MetricFamily> SearchMetrics::Collect() const {
  return {{"killrvideo_search_index_seconds",
           "The time that questions to the search index took.",
           MetricType::Histogram,
           {asked(search, "search"), asked(words, "words")}},
          {"killrvideo_search_stale_entries_total",
           "Entries of the search index that searches met and that differ from the videos table.",
           MetricType::Counter,
           {counter(stale_entries.value())}},
          {"killrvideo_search_index_videos",
           "Videos in the search index that is in use.",
           MetricType::Gauge,
           {gauge(videos.load(std::memory_order_relaxed))}},
          {"killrvideo_search_index_waiting",
           "Videos that wait to be indexed.",
           MetricType::Gauge,
           {gauge(waiting.load(std::memory_order_relaxed))}},
          {"killrvideo_search_index_retries",
           "Videos that wait to be indexed until the server of the index is back.",
           MetricType::Gauge,
           {gauge(retries.load(std::memory_order_relaxed))}},
          {"killrvideo_search_index_reachable",
           "Whether the server of the search index answers; an embedded index always does.",
           MetricType::Gauge,
           {gauge(reachable.load(std::memory_order_relaxed) ? 1 : 0)}}};
}

}  // namespace killrvideo
