#include "app/metrics.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <prometheus/counter.h>

#include <thread>
#include <vector>

namespace killrvideo {
namespace {

using testing::HasSubstr;
using testing::Not;
using namespace std::chrono_literals;

constexpr std::array<std::uint64_t, 3> bounds{10, 20, 50};

// Runs `work` in several threads at once.
template <class Work>
void in_threads(Work work) {
  std::array<std::jthread, 4> threads;
  for (auto& thread : threads) thread = std::jthread(work);
}

TEST(Histogram, counts_each_value_in_the_bucket_that_it_reaches) {
  Histogram histogram(bounds);
  for (const auto value : std::initializer_list<std::uint64_t>{0, 10, 11, 20, 21, 50, 51, 1000})
    histogram.observe(value);
  const auto collected = histogram.collect().histogram;
  const auto counts = [](std::uint64_t count) {
    return testing::Field(&prometheus::ClientMetric::Bucket::cumulative_count, count);
  };
  EXPECT_THAT(collected.bucket, testing::ElementsAre(counts(2), counts(4), counts(6), counts(8)));
  EXPECT_EQ(collected.sample_count, 8U);
  EXPECT_DOUBLE_EQ(collected.sample_sum, 1163);
  EXPECT_DOUBLE_EQ(collected.bucket[1].upper_bound, 20);
}

TEST(Histogram, exports_in_its_scale) {
  Histogram histogram(bounds, 0.5);
  histogram.observe(15ns);
  histogram.observe(-5ns);
  const auto collected = histogram.collect().histogram;
  EXPECT_DOUBLE_EQ(collected.bucket[0].upper_bound, 5);
  EXPECT_EQ(collected.bucket[0].cumulative_count, 1U);
  EXPECT_DOUBLE_EQ(collected.sample_sum, 7.5);
}

TEST(Histogram, loses_nothing_among_threads) {
  Histogram histogram(bounds);
  in_threads([&] {
    for (std::uint64_t i = 0; i < 10'000; ++i) histogram.observe(i % 60);
  });
  EXPECT_EQ(histogram.count(), 40'000U);
}

TEST(ShardedCounter, loses_nothing_among_threads) {
  ShardedCounter counter;
  in_threads([&] {
    for (int i = 0; i < 10'000; ++i) counter.add(2);
  });
  EXPECT_EQ(counter.value(), 80'000U);
}

TEST(Timer, observes_the_time_it_lives) {
  Histogram histogram(bounds, 1e-9);
  {
    const Timer timer(histogram);
    std::this_thread::sleep_for(5ms);
  }
  EXPECT_EQ(histogram.count(), 1U);
  EXPECT_GE(histogram.collect().histogram.sample_sum, 0.005);
}

TEST(Metrics, exposes_calls) {
  Metrics metrics;
  auto& method = metrics.rpc().method("pkg.Service", "Get");
  for (int i = 0; i < 3; ++i) method.started();
  method.finished(0, 30us);
  method.finished(5, 3ms);
  const auto text = metrics.exposition();
  const std::string labels = R"({service="pkg.Service",method="Get")";
  EXPECT_THAT(text, HasSubstr("killrvideo_rpc_requests_total" + labels + "} 2\n"));
  EXPECT_THAT(text, HasSubstr("killrvideo_rpc_errors_total" + labels + ",code=\"NOT_FOUND\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("killrvideo_rpc_in_flight" + labels + "} 1\n"));
  EXPECT_THAT(text, HasSubstr("killrvideo_rpc_duration_seconds_count" + labels + "} 2\n"));
  EXPECT_THAT(text,
              HasSubstr("killrvideo_rpc_duration_seconds_bucket" + labels + ",le=\"5e-05\"} 1\n"));
  EXPECT_THAT(text,
              HasSubstr("killrvideo_rpc_duration_seconds_bucket" + labels + ",le=\"+Inf\"} 2\n"));
  EXPECT_THAT(text, Not(HasSubstr("code=\"OK\"")));
}

TEST(Metrics, counts_codes_that_grpc_does_not_define_as_unknown) {
  Metrics metrics;
  auto& method = metrics.rpc().method("s", "m");
  method.started();
  method.finished(99, 1us);
  EXPECT_THAT(metrics.exposition(), HasSubstr("code=\"UNKNOWN\"} 1\n"));
}

TEST(Metrics, keeps_one_entry_for_a_method) {
  Metrics metrics;
  EXPECT_EQ(&metrics.rpc().method("s", "m"), &metrics.rpc().method("s", "m"));
  EXPECT_NE(&metrics.rpc().method("s", "m"), &metrics.rpc().method("s", "other"));
}

TEST(Metrics, exposes_the_store_and_the_process) {
  Metrics metrics;
  metrics.store().get.observe(2us);
  metrics.store().writer_queue_depth = 7;
  metrics.store().writer_group_size.observe(3);
  const auto text = metrics.exposition();
  EXPECT_THAT(text, HasSubstr("killrvideo_store_operation_seconds_count{operation=\"get\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("killrvideo_store_operation_seconds_count{operation=\"page\"} 0\n"));
  EXPECT_THAT(text, HasSubstr("killrvideo_store_writer_queue_depth 7\n"));
  EXPECT_THAT(text, HasSubstr("killrvideo_store_writer_group_size_bucket{le=\"4\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("killrvideo_build_info{version=\""));
  EXPECT_THAT(text, testing::ContainsRegex("process_resident_memory_bytes [1-9]"));
}

TEST(Metrics, takes_metrics_of_others) {
  Metrics metrics;
  prometheus::BuildCounter().Name("other_total").Register(metrics.registry()).Add({}).Increment();
  EXPECT_THAT(metrics.exposition(), HasSubstr("other_total 1\n"));
}

}  // namespace
}  // namespace killrvideo
