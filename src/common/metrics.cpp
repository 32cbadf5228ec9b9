#include "common/metrics.hpp"

#include <prometheus/text_serializer.h>

#include <algorithm>
#include <initializer_list>
#include <iterator>
#include <limits>

#include "common/grpc_status.hpp"
#include "common/metric_samples.hpp"

namespace killrvideo {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

constexpr std::array<std::uint64_t, 17> rpc_bounds{
    25 * us, 50 * us, 100 * us, 250 * us, 500 * us, 1 * ms, 2500 * us, 5 * ms, 10 * ms,
    25 * ms, 50 * ms, 100 * ms, 250 * ms, 500 * ms, 1 * s,  2500 * ms, 10 * s};
constexpr std::array<std::uint64_t, 16> operation_bounds{
    1 * us,   2500,   5 * us,    10 * us, 25 * us, 50 * us, 100 * us, 250 * us,
    500 * us, 1 * ms, 2500 * us, 5 * ms,  10 * ms, 25 * ms, 100 * ms, 1 * s};
constexpr std::array<std::uint64_t, 11> group_bounds{1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024};

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

RpcMethodMetrics::RpcMethodMetrics(std::string service, std::string method)
    : service_(std::move(service)),
      method_(std::move(method)),
      duration_(rpc_bounds, per_nanosecond) {}

void RpcMethodMetrics::finished(int code, std::chrono::nanoseconds duration) noexcept {
  duration_.observe(duration);
  if (code == 0) return;
  const auto index = static_cast<std::size_t>(code);
  errors_[index < errors_.size() ? index : 2].fetch_add(1, std::memory_order_relaxed);
}

RpcMethodMetrics& RpcMetrics::method(std::string_view service, std::string_view method) {
  const std::lock_guard lock(mutex_);
  for (const auto& known : methods_) {
    if (known->service_ == service && known->method_ == method) return *known;
  }
  methods_.push_back(std::make_unique<RpcMethodMetrics>(std::string(service), std::string(method)));
  return *methods_.back();
}

std::vector<MetricFamily> RpcMetrics::Collect() const {
  MetricFamily requests{
      "killrvideo_rpc_requests_total", "Calls that ended.", MetricType::Counter, {}};
  MetricFamily errors{
      "killrvideo_rpc_errors_total", "Calls that failed, by status code.", MetricType::Counter, {}};
  MetricFamily durations{
      "killrvideo_rpc_duration_seconds", "The time that calls took.", MetricType::Histogram, {}};
  MetricFamily in_flight{
      "killrvideo_rpc_in_flight", "Calls that have begun and not ended.", MetricType::Gauge, {}};
  const std::lock_guard lock(mutex_);
  for (const auto& method : methods_) {
    const std::vector<ClientMetric::Label> labels{{"service", method->service_},
                                                  {"method", method->method_}};
    auto duration = method->duration_.collect();
    const auto finished = duration.histogram.sample_count;
    // Started and finished calls are not read at the same moment.
    const auto unfinished = std::max(method->started_.value(), finished) - finished;
    in_flight.metric.push_back(labelled(gauge(static_cast<double>(unfinished)), labels));
    requests.metric.push_back(labelled(counter(finished), labels));
    durations.metric.push_back(labelled(std::move(duration), labels));
    for (std::size_t code = 0; code < method->errors_.size(); ++code) {
      const auto count = method->errors_[code].load(std::memory_order_relaxed);
      if (count == 0) continue;
      auto error_labels = labels;
      error_labels.push_back({"code", std::string(grpc_status_names[code])});
      errors.metric.push_back(labelled(counter(count), std::move(error_labels)));
    }
  }
  return {std::move(requests), std::move(errors), std::move(durations), std::move(in_flight)};
}

StoreMetrics::StoreMetrics()
    : get(operation_bounds, per_nanosecond),
      page(operation_bounds, per_nanosecond),
      scan(operation_bounds, per_nanosecond),
      partitions_before(operation_bounds, per_nanosecond),
      commit(operation_bounds, per_nanosecond),
      commit_if(operation_bounds, per_nanosecond),
      writer_group_size(group_bounds) {}

std::vector<MetricFamily> StoreMetrics::Collect() const {
  MetricFamily operations{"killrvideo_store_operation_seconds",
                          "The time that operations of the store took.",
                          MetricType::Histogram,
                          {}};
  const auto add = [&](const char* name, const Histogram& histogram) {
    operations.metric.push_back(labelled(histogram.collect(), {{"operation", name}}));
  };
  add("get", get);
  add("page", page);
  add("scan", scan);
  add("partitions_before", partitions_before);
  add("commit", commit);
  add("commit_if", commit_if);
  const auto depth = static_cast<double>(writer_queue_depth.load(std::memory_order_relaxed));
  return {std::move(operations),
          {"killrvideo_store_writer_queue_depth",
           "Writes that wait to be committed.",
           MetricType::Gauge,
           {gauge(depth)}},
          {"killrvideo_store_writer_group_size",
           "Writes that were committed in one sync.",
           MetricType::Histogram,
           {writer_group_size.collect()}}};
}

void Metrics::add(std::shared_ptr<const prometheus::Collectable> part) {
  const std::lock_guard lock(mutex_);
  parts_.push_back(std::move(part));
}

EventHandlerMetrics::EventHandlerMetrics(std::string handler)
    : tries(rpc_bounds, per_nanosecond),
      lag(rpc_bounds, per_nanosecond),
      handler_(std::move(handler)) {}

EventHandlerMetrics& EventMetrics::handler(std::string_view name) {
  const std::lock_guard lock(mutex_);
  for (const auto& known : handlers_)
    if (known->handler() == name) return *known;
  handlers_.push_back(std::make_unique<EventHandlerMetrics>(std::string(name)));
  return *handlers_.back();
}

std::vector<MetricFamily> EventMetrics::Collect() const {
  MetricFamily tries{
      "killrvideo_event_tries_seconds", "Calls of event handlers.", MetricType::Histogram, {}};
  MetricFamily failures{"killrvideo_event_failures_total",
                        "Calls of event handlers that failed.",
                        MetricType::Counter,
                        {}};
  MetricFamily dead{"killrvideo_event_dead_letters_total",
                    "Events that became dead letters, by the handlers that failed.",
                    MetricType::Counter,
                    {}};
  MetricFamily lag{"killrvideo_event_lag_seconds",
                   "The time from the writing of events to their having been handled.",
                   MetricType::Histogram,
                   {}};
  const std::lock_guard lock(mutex_);
  for (const auto& handler : handlers_) {
    const std::vector<ClientMetric::Label> labels{{"handler", handler->handler()}};
    tries.metric.push_back(labelled(handler->tries.collect(), labels));
    failures.metric.push_back(labelled(counter(handler->failures.value()), labels));
    dead.metric.push_back(labelled(counter(handler->dead_letters.value()), labels));
    lag.metric.push_back(labelled(handler->lag.collect(), labels));
  }
  const auto waiting_now = static_cast<double>(waiting.load(std::memory_order_relaxed));
  return {std::move(tries),
          std::move(failures),
          std::move(dead),
          std::move(lag),
          {"killrvideo_events_waiting",
           "Events that this process is delivering.",
           MetricType::Gauge,
           {gauge(waiting_now)}}};
}

std::string Metrics::exposition() const {
  std::vector<MetricFamily> families;
  for (const auto& part : std::initializer_list<const prometheus::Collectable*>{
           &rpc_, &store_, &events_, &process_, &registry_}) {
    std::ranges::move(part->Collect(), std::back_inserter(families));
  }
  const std::lock_guard lock(mutex_);
  for (const auto& part : parts_) std::ranges::move(part->Collect(), std::back_inserter(families));
  return prometheus::TextSerializer().Serialize(families);
}

}  // namespace killrvideo
