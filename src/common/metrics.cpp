#include "common/metrics.hpp"

#include <algorithm>
#include <limits>

namespace killrvideo {
namespace {

using prometheus::ClientMetric;

// Threads spread over the shards in the order in which they first record something.
std::size_t shard_of_this_thread(std::size_t shards) noexcept {
  static std::atomic<std::size_t> next{0};
  constexpr auto unset = std::numeric_limits<std::size_t>::max();
  thread_local std::size_t mine = unset;  // a constant, so that reading it needs no guard
  if (mine == unset) mine = next.fetch_add(1, std::memory_order_relaxed);
  return mine % shards;
}

}  // namespace

void ShardedCounter::add(std::uint64_t amount) noexcept {
  cells_[shard_of_this_thread(cells_.size())].value.fetch_add(amount, std::memory_order_relaxed);
}

std::uint64_t ShardedCounter::value() const noexcept {
  std::uint64_t sum = 0;
  for (const auto& cell : cells_) sum += cell.value.load(std::memory_order_relaxed);
  return sum;
}

void Histogram::observe(std::uint64_t value) noexcept {
  auto& shard = shards_[shard_of_this_thread(shards_.size())];
  const auto bucket = std::ranges::lower_bound(bounds_, value) - bounds_.begin();
  shard.counts[static_cast<std::size_t>(bucket)].fetch_add(1, std::memory_order_relaxed);
  shard.sum.fetch_add(value, std::memory_order_relaxed);
}

std::uint64_t Histogram::count() const noexcept {
  std::uint64_t sum = 0;
  for (const auto& shard : shards_) {
    for (const auto& count : shard.counts) sum += count.load(std::memory_order_relaxed);
  }
  return sum;
}

ClientMetric Histogram::collect() const {
  ClientMetric metric;
  auto& histogram = metric.histogram;
  for (std::size_t bucket = 0; bucket <= bounds_.size(); ++bucket) {
    for (const auto& shard : shards_) {
      histogram.sample_count += shard.counts[bucket].load(std::memory_order_relaxed);
    }
    const auto bound = bucket < bounds_.size() ? static_cast<double>(bounds_[bucket]) * scale_
                                               : std::numeric_limits<double>::infinity();
    histogram.bucket.push_back({histogram.sample_count, bound});
  }
  std::uint64_t sum = 0;
  for (const auto& shard : shards_) sum += shard.sum.load(std::memory_order_relaxed);
  histogram.sample_sum = static_cast<double>(sum) * scale_;
  return metric;
}

}  // namespace killrvideo
