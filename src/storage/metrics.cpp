#include "storage/metrics.hpp"

#include "common/metric_samples.hpp"

namespace killrvideo {
namespace {

using prometheus::MetricFamily;
using prometheus::MetricType;

constexpr std::array<std::uint64_t, 16> operation_bounds{
    1 * us,   2500,   5 * us,    10 * us, 25 * us, 50 * us, 100 * us, 250 * us,
    500 * us, 1 * ms, 2500 * us, 5 * ms,  10 * ms, 25 * ms, 100 * ms, 1 * s};
constexpr std::array<std::uint64_t, 11> group_bounds{1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024};

}  // namespace

StoreMetrics::StoreMetrics()
    : get(operation_bounds, per_nanosecond),
      page(operation_bounds, per_nanosecond),
      scan(operation_bounds, per_nanosecond),
      commit(operation_bounds, per_nanosecond),
      commit_if(operation_bounds, per_nanosecond),
      writer_group_size(group_bounds) {}

std::vector<MetricFamily> StoreMetrics::Collect() const {
  auto operations = family(MetricType::Histogram, "killrvideo_store_operation_seconds",
                           "The time that operations of the store took.");
  const auto add = [&](const char* name, const Histogram& histogram) {
    operations.metric.push_back(labelled(histogram.collect(), {{"operation", name}}));
  };
  add("get", get);
  add("page", page);
  add("scan", scan);
  add("commit", commit);
  add("commit_if", commit_if);
  return {std::move(operations),
          family(MetricType::Gauge, "killrvideo_store_writer_queue_depth",
                 "Writes that wait to be committed.",
                 {gauge(writer_queue_depth.load(std::memory_order_relaxed))}),
          family(MetricType::Histogram, "killrvideo_store_writer_group_size",
                 "Writes that were committed in one sync.", {writer_group_size.collect()})};
}

}  // namespace killrvideo
