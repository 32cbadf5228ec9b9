// Shows on standard error how far a long command has come.
#pragma once

#include <chrono>
#include <string>

#include "common/progress.hpp"

namespace killrvideo::cli {

/// On a terminal a bar for each thing that is being done; elsewhere a line every few seconds.
class Progress {
 public:
  Progress();
  /// Leaves a bar that is not complete as it is, on a line of its own.
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// `done` of `total` are done of `what`, which starts again when it has another name. Cheap enough
  /// to be called for every row.
  void show(std::string_view what, std::uint64_t done, std::uint64_t total);

  /// show(), for those who take a function. It refers to this.
  ProgressListener listener() {
    return [this](std::string_view what, std::uint64_t done, std::uint64_t total) {
      show(what, done, total);
    };
  }

  /// A line of its own among the bars.
  void print(const std::string& line);

 private:
  using Clock = std::chrono::steady_clock;

  void draw(std::uint64_t done, std::uint64_t total);
  void end_line();

  const bool terminal_;
  std::string what_;
  std::uint64_t calls_ = 0;
  Clock::time_point next_;
  bool open_ = false;  // a bar is on the current line
};

}  // namespace killrvideo::cli
