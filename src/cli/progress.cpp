#include "cli/progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <iostream>

namespace killrvideo::cli {
namespace {

using namespace std::chrono_literals;

constexpr auto bar_interval = 100ms;
constexpr auto line_interval = 5s;
constexpr std::uint64_t calls_per_look = 64;  // at the clock, which costs more than a row
constexpr std::uint64_t bar_width = 32;

std::uint64_t share(std::uint64_t of, std::uint64_t done, std::uint64_t total) {
  if (total == 0) return of;
  return static_cast<std::uint64_t>(static_cast<double>(done) / static_cast<double>(total) *
                                    static_cast<double>(of));
}

}  // namespace

Progress::Progress() : terminal_(::isatty(STDERR_FILENO) == 1), next_(Clock::now()) {
  if (!terminal_) next_ += line_interval;
}

Progress::~Progress() { end_line(); }

void Progress::show(std::string_view what, std::uint64_t done, std::uint64_t total) {
  const bool begins = what != what_;
  const bool complete = done == total;
  if (begins) {
    end_line();
    what_ = what;
  }
  if (!begins && !complete && ++calls_ % calls_per_look != 0) return;
  const auto now = Clock::now();
  const bool due = now >= next_;
  if (!due && !(terminal_ && complete)) return;
  draw(done, total);
  next_ = now + (terminal_ ? Clock::duration(bar_interval) : Clock::duration(line_interval));
  if (terminal_ && complete) end_line();
}

void Progress::print(const std::string& line) {
  if (open_) std::cerr << "\r\x1b[K";
  open_ = false;
  std::cerr << line << '\n';
}

void Progress::draw(std::uint64_t done, std::uint64_t total) {
  const auto percent = share(100, done, total);
  if (!terminal_) {
    std::cerr << fmt::format("{}: {}%\n", what_, percent);
    return;
  }
  const auto filled = share(bar_width, done, total);
  std::cerr << fmt::format("\r{:<24} [{:=<{}}{:<{}}] {:>3}%", what_, "", filled, "",
                           bar_width - filled, percent)
            << std::flush;
  open_ = true;
}

void Progress::end_line() {
  if (open_) std::cerr << '\n';
  open_ = false;
}

}  // namespace killrvideo::cli
