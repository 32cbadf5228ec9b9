// Waiting for a cluster only for as long as somebody wants to.
#pragma once

#include <chrono>
#include <exception>
#include <functional>
#include <future>
#include <memory>

#include "common/task.hpp"

namespace killrvideo::storage::cassandra {

/// Nobody waits any more.
struct GaveUp : std::exception {
  const char* what() const noexcept override { return "given up"; }
};

class Patience {
 public:
  /// Endless.
  Patience() = default;
  /// Over as soon as `give_up`, which is asked a few times a second, says so.
  explicit Patience(std::function<bool()> give_up) : give_up_(std::move(give_up)) {}

  /// Throws GaveUp if it is over.
  void check() const {
    if (give_up_ && give_up_()) throw GaveUp{};
  }

  /// Runs `task` to its end, blocking this thread, or throws GaveUp. What `task` refers to has to
  /// outlive its session, which ends the task if it was given up.
  template <class T>
  T run(Task<T> task) const {
    if (!give_up_) return killrvideo::run(std::move(task));
    auto promise = std::make_shared<std::promise<T>>();
    auto ended = promise->get_future();
    start(std::move(task), [promise](const std::exception_ptr& error, auto&&... value) {
      error ? promise->set_exception(error)
            : promise->set_value(std::forward<decltype(value)>(value)...);
    });
    while (ended.wait_for(look_interval) != std::future_status::ready) check();
    return ended.get();
  }

 private:
  static constexpr std::chrono::milliseconds look_interval{100};

  std::function<bool()> give_up_;
};

}  // namespace killrvideo::storage::cassandra
