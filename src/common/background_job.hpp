// Long work that is begun when somebody asks for it, in a thread of its own.
#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

namespace killrvideo {

/// How far long work has come.
struct JobProgress {
  bool running = false;
  std::string what{};  ///< that is being done
  std::uint64_t done = 0;
  std::uint64_t total = 0;
  std::string failure{};  ///< why it failed the last time; empty if it did not
};

/// All of it may be used by any thread.
class BackgroundJob {
 public:
  /// Told how many of how many of something are done. Throws when the work is to end early.
  using Listener =
      std::function<void(std::string_view what, std::uint64_t done, std::uint64_t total)>;
  using Work = std::function<void(const Listener&)>;

  /// `name` is what the log calls it.
  BackgroundJob(std::string name, Work work) : name_(std::move(name)), work_(std::move(work)) {}
  /// Ends work that is under way as soon as it calls the listener.
  ~BackgroundJob() = default;
  BackgroundJob(const BackgroundJob&) = delete;
  BackgroundJob& operator=(const BackgroundJob&) = delete;

  /// Begins the work, unless it is under way.
  void begin();
  JobProgress progress() const;
  /// Ends work that is under way as the destructor does, and returns when it has ended; none is
  /// begun any more.
  void stop();

 private:
  void work(const std::stop_token& stop);
  std::string try_to_work(const std::stop_token& stop);

  const std::string name_;
  const Work work_;
  mutable std::mutex mutex_;
  JobProgress progress_;
  bool stopped_ = false;
  std::jthread thread_;
};

}  // namespace killrvideo
