// A long job that runs on request, in a thread of its own.
#pragma once

#include <mutex>
#include <string>
#include <thread>

#include "common/progress.hpp"

namespace killrvideo {

/// The progress of a long job.
struct JobProgress {
  bool running = false;
  std::string what{};  ///< the current step
  std::uint64_t done = 0;
  std::uint64_t total = 0;
  std::string failure{};  ///< why the last run failed; empty if it succeeded
};

/// Any thread may call any function.
class BackgroundJob {
 public:
  /// The listener throws when the work must stop early.
  using Work = std::function<void(const ProgressListener&)>;

  /// The log uses `name`. A failure is logged unless the run before failed alike.
  BackgroundJob(std::string name, Work work) : name_(std::move(name)), work_(std::move(work)) {}
  /// Stops a running job as soon as it calls the listener.
  ~BackgroundJob() = default;
  BackgroundJob(const BackgroundJob&) = delete;
  BackgroundJob& operator=(const BackgroundJob&) = delete;

  /// Starts the job, unless it is running.
  void begin();
  JobProgress progress() const;
  /// Stops a running job as the destructor does and waits for it; no job starts afterwards.
  void stop();

 private:
  void work(const std::stop_token& stop);
  std::string try_to_work(const std::stop_token& stop);

  const std::string name_;
  const Work work_;
  mutable std::mutex mutex_;
  JobProgress progress_;
  std::string last_failure_;  // of one run at a time
  bool stopped_ = false;
  std::jthread thread_;
};

}  // namespace killrvideo
