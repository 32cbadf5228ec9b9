#include "common/task.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <optional>
#include <stdexcept>
#include <thread>

#include "common/context.hpp"

namespace killrvideo {
namespace {

Task<int> half(int number) {
  if (number % 2 != 0) throw std::runtime_error("odd");
  co_return number / 2;
}

Task<int> quarter(int number) {
  int once = co_await half(number);
  co_return co_await half(once);
}

TEST(Task, returns_what_it_awaited) { EXPECT_EQ(run(quarter(20)), 5); }

TEST(Task, throws_what_it_awaited) {
  EXPECT_THROW(run(quarter(7)), std::runtime_error);
  EXPECT_THROW(run(quarter(10)), std::runtime_error);
}

TEST(Task, that_does_not_wait_runs_in_the_thread_that_starts_it) {
  std::optional<std::thread::id> thread;
  start(quarter(20), [&](std::exception_ptr error, int) {
    EXPECT_FALSE(error);
    thread = std::this_thread::get_id();
  });
  EXPECT_EQ(thread, std::this_thread::get_id());
}

TEST(Task, does_nothing_before_it_is_started) {
  bool ran = false;
  auto lazy = [&]() -> Task<void> {
    ran = true;
    co_return;
  };
  {
    Task<void> never_started = lazy();
    EXPECT_FALSE(ran);
  }
  EXPECT_FALSE(ran);
  run(lazy());
  EXPECT_TRUE(ran);
}

/// Waits for a completion that somebody else brings.
Task<int> wait_for(std::function<void(std::move_only_function<void(int)>)> begin) {
  int value = co_await asio::async_initiate<decltype(use_task), void(std::exception_ptr, int)>(
      [&](auto handler) {
        begin([handler = std::move(handler)](int result) mutable {
          std::move(handler)(std::exception_ptr{}, result);
        });
      },
      use_task);
  co_return value + 1;
}

TEST(Task, goes_on_in_the_thread_that_brings_what_it_waits_for) {
  std::jthread other;
  std::optional<std::thread::id> ended_in;
  std::promise<int> result;
  start(wait_for([&](auto complete) {
          auto& thread = other;  // the coroutine may end, and this lambda with it, before the `=`
          thread = std::jthread([complete = std::move(complete)]() mutable { complete(41); });
        }),
        [&](std::exception_ptr, int value) {
          ended_in = std::this_thread::get_id();
          result.set_value(value);
        });
  EXPECT_EQ(result.get_future().get(), 42);
  EXPECT_EQ(ended_in, other.get_id());
}

TEST(Task, can_be_completed_before_it_has_been_suspended) {
  EXPECT_EQ(run(wait_for([](auto complete) { complete(1); })), 2);
  for (int i = 0; i < 500; ++i) {
    std::jthread other;
    EXPECT_EQ(run(wait_for([&](auto complete) {
                auto& thread = other;
                thread = std::jthread([complete = std::move(complete)]() mutable { complete(1); });
              })),
              2);
  }
}

TEST(Context, has_no_deadline_of_its_own) { EXPECT_NO_THROW(Context{}.check_deadline()); }

TEST(Context, tells_when_the_deadline_has_passed) {
  auto now = std::chrono::system_clock::now();
  EXPECT_NO_THROW(Context(1, now + std::chrono::hours(1)).check_deadline());
  for (auto late : {now, now - std::chrono::hours(1), Context::Deadline::min()}) {
    try {
      Context(1, late).check_deadline();
      ADD_FAILURE() << "no error";
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), Code::deadline_exceeded);
    }
  }
}

}  // namespace
}  // namespace killrvideo
