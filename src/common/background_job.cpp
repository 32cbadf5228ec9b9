#include "common/background_job.hpp"

#include <utility>

#include "common/error.hpp"
#include "common/log.hpp"

namespace killrvideo {

void BackgroundJob::begin() {
  const std::lock_guard lock(mutex_);
  if (progress_.running || stopped_) return;
  progress_ = {.running = true};
  thread_ = std::jthread([this](const std::stop_token& stop) { work(stop); });
}

void BackgroundJob::stop() {
  std::jthread thread;
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    thread.swap(thread_);
  }
}

JobProgress BackgroundJob::progress() const {
  const std::lock_guard lock(mutex_);
  return progress_;
}

void BackgroundJob::work(const std::stop_token& stop) {
  auto failure = try_to_work(stop);
  const std::lock_guard lock(mutex_);
  progress_.running = false;
  progress_.failure = std::move(failure);
}

std::string BackgroundJob::try_to_work(const std::stop_token& stop) try {
  work_([&](std::string_view what, std::uint64_t done, std::uint64_t total) {
    if (stop.stop_requested()) throw Error(Code::unavailable, "the program is being ended");
    const std::lock_guard lock(mutex_);
    progress_.what = what;
    progress_.done = done;
    progress_.total = total;
  });
  last_failure_.clear();
  return {};
} catch (const std::exception& error) {
  if (!stop.stop_requested() && std::exchange(last_failure_, error.what()) != error.what())
    log::warn("work in the background was not completed",
              {{"work", name_}, {"error", error.what()}});
  return error.what();
}

}  // namespace killrvideo
