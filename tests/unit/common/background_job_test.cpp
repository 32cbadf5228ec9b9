#include "common/background_job.hpp"

#include <gtest/gtest.h>

#include <atomic>

namespace killrvideo {
namespace {

TEST(BackgroundJob, StopEndsWorkThatIsUnderWayAndNoneBeginsAfterIt) {
  std::atomic<int> begun = 0;
  BackgroundJob job("a test", [&](const ProgressListener& listener) {
    ++begun;
    for (std::uint64_t done = 0;; ++done) listener("for ever", done, 0);
  });
  job.begin();
  while (begun == 0) std::this_thread::yield();
  job.stop();
  EXPECT_FALSE(job.progress().running);
  EXPECT_FALSE(job.progress().failure.empty());
  job.begin();
  job.stop();
  EXPECT_EQ(begun, 1);
}

TEST(BackgroundJob, StopsWithoutEverHavingBegun) {
  BackgroundJob job("a test", [](const ProgressListener&) {});
  job.stop();
  EXPECT_FALSE(job.progress().running);
}

}  // namespace
}  // namespace killrvideo
