// Waiting for a cluster until the caller gives up.
#pragma once

#include <chrono>
#include <exception>
#include <functional>
#include <future>
#include <memory>

#include "common/task.hpp"

namespace killrvideo::storage::cassandra {

/// Thrown when the caller has given up.
struct GaveUp : std::exception {
  const char* what() const noexcept override { return "given up"; }
};

class Patience {
 public:
  /// Endless.
  Patience() = default;
  /// Ends when `give_up`, which is called a few times a second, returns true.
  explicit Patience(std::function<bool()> give_up) : give_up_(std::move(give_up)) {}

  /// Throws GaveUp if it is over.
  void check() const {
    if (give_up_ && give_up_()) throw GaveUp{};
  }

  /// Runs `task` and blocks until it returns, or throws GaveUp. What `task` refers to must outlive
  /// its session, which ends the task in that case.
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
