// Coroutines: Task<T> is what every asynchronous function returns.
//
// A Task runs in the thread that resumes it, so a coroutine that never waits costs no thread hop.
// If a component completes operations in a thread of its own (an engine's writer, a driver), it
// must hand the resumption to another thread first; see storage/rocksdb/writer.hpp.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/execution.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <functional>
#include <future>
#include <utility>

namespace killrvideo {

namespace asio = boost::asio;

/// An executor that runs everything immediately in the calling thread.
struct InlineExecutor {
  template <class Function>
  void execute(Function&& function) const {
    std::forward<Function>(function)();
  }

  // Asio's awaitable requires a context for its services; nothing ever runs on this one.
  static asio::execution_context& query(asio::execution::context_t) noexcept {
    static asio::io_context context;
    return context;
  }
  static constexpr asio::execution::blocking_t::always_t query(
      asio::execution::blocking_t) noexcept {
    return {};
  }
  // Asio requires executors that do not block; what it runs on this one never blocks.
  InlineExecutor require(asio::execution::blocking_t::never_t) const noexcept { return *this; }
  InlineExecutor require(asio::execution::blocking_t::possibly_t) const noexcept { return *this; }

  friend bool operator==(const InlineExecutor&, const InlineExecutor&) noexcept { return true; }
  friend bool operator!=(const InlineExecutor&, const InlineExecutor&) noexcept { return false; }
};

template <class T>
using Task = asio::awaitable<T, InlineExecutor>;

/// The completion token that turns an Asio-style operation into something a Task can co_await.
inline constexpr asio::use_awaitable_t<InlineExecutor> use_task{};

/// Continues a suspended coroutine, in the thread that calls it; to be called once.
template <class... Results>
using Resume = std::move_only_function<void(Results...)>;

/// Suspends the calling coroutine until somebody calls the Resume that `begin` gets. Returns what it
/// is called with, or throws that if it is an std::exception_ptr that is not null.
template <class... Results, class Begin>
auto suspended(Begin begin) {
  auto initiate = [begin = std::move(begin)](auto handler) mutable {
    begin(Resume<Results...>([handler = std::move(handler)](Results... results) mutable {
      std::move(handler)(std::move(results)...);
    }));
  };
  return asio::async_initiate<decltype(use_task), void(Results...)>(std::move(initiate), use_task);
}

/// Starts `task` in this thread; `done(std::exception_ptr[, T])` runs in the thread in which the
/// task ends.
template <class T, class Done>
void start(Task<T> task, Done&& done) {
  asio::co_spawn(InlineExecutor{}, std::move(task), std::forward<Done>(done));
}

/// Runs `task` and blocks until it returns. For commands and tests, never for request threads.
template <class T>
T run(Task<T> task) {
  std::promise<T> promise;
  auto future = promise.get_future();
  if constexpr (std::is_void_v<T>) {
    start(std::move(task), [&](std::exception_ptr error) {
      error ? promise.set_exception(error) : promise.set_value();
    });
  } else {
    start(std::move(task), [&](std::exception_ptr error, T value) {
      error ? promise.set_exception(error) : promise.set_value(std::move(value));
    });
  }
  return future.get();
}

}  // namespace killrvideo
