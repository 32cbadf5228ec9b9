// Several asynchronous calls at once, up to a limit.
#pragma once

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <utility>

#include "common/task.hpp"

namespace killrvideo {

/// Awaits work(i) for each i below `count`; up to `at_once` of them run at a time. After the first
/// error it starts no more, and throws that error when all running ones have returned. The threads
/// that complete the tasks call `work`, possibly several at once.
template <class Work>
Task<void> concurrently(std::size_t count, std::size_t at_once, Work work) {
  if (count == 1) {
    co_await work(0);
    co_return;
  }
  if (count == 0) co_return;

  struct State {
    std::atomic<std::size_t> next{0};
    std::atomic<std::size_t> lanes;
    std::atomic<bool> failed{false};
    std::mutex mutex{};
    std::exception_ptr error{};
    Resume<> done{};
  };
  const std::size_t lanes = std::min(count, std::max<std::size_t>(at_once, 1));
  State state{.lanes = lanes};

  auto lane = [&]() -> Task<void> {
    while (!state.failed) {
      const std::size_t i = state.next++;
      if (i >= count) co_return;
      co_await work(i);
    }
  };
  co_await suspended<>([&](Resume<> done) {
    state.done = std::move(done);
    // A copy: the frame may be destroyed before the loop ends.
    const std::size_t to_start = lanes;
    for (std::size_t i = 0; i < to_start; ++i) {
      start(lane(), [&state](const std::exception_ptr& error) {
        if (error) {
          std::lock_guard lock(state.mutex);
          if (!state.error) state.error = error;
          state.failed = true;
        }
        // The last lane to finish completes the call, which destroys the state.
        if (--state.lanes == 0) std::exchange(state.done, {})();
      });
    }
  });
  if (state.error) std::rethrow_exception(state.error);
}

/// Awaits two tasks at once; throws the first error when both have returned.
template <class A, class B>
Task<std::pair<A, B>> both(Task<A> a, Task<B> b) {
  A first{};
  B second{};
  auto work = [&](std::size_t i) -> Task<void> {
    if (i == 0) first = co_await std::move(a);
    if (i == 1) second = co_await std::move(b);
  };
  co_await concurrently(2, 2, work);
  co_return std::pair(std::move(first), std::move(second));
}

}  // namespace killrvideo
