#include "common/concurrently.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <optional>
#include <stdexcept>
#include <vector>

namespace killrvideo {
namespace {

/// Work that waits until it is told to end.
class Pending {
 public:
  Task<void> wait() {
    ++begun;
    co_await asio::async_initiate<const asio::use_awaitable_t<InlineExecutor>,
                                  void(std::exception_ptr)>(
        [this](auto done) { waiting_.emplace_back(std::move(done)); }, use_task);
  }

  void end_one(const std::exception_ptr& error = {}) {
    auto done = std::move(waiting_.front());
    waiting_.pop_front();
    std::move(done)(error);
  }

  std::size_t waiting() const { return waiting_.size(); }

  int begun = 0;

 private:
  std::deque<std::move_only_function<void(std::exception_ptr)>> waiting_;
};

struct Outcome {
  bool ended = false;
  std::exception_ptr error;
};

void begin(Outcome& outcome, Pending& pending, std::size_t count, std::size_t at_once) {
  start(concurrently(count, at_once, [&](std::size_t) { return pending.wait(); }),
        [&](const std::exception_ptr& error) { outcome = {true, error}; });
}

TEST(Concurrently, nothing_ends_at_once) {
  run(concurrently(0, 4, [](std::size_t) -> Task<void> { throw std::logic_error("called"); }));
}

TEST(Concurrently, work_that_does_not_wait_is_done_in_order) {
  std::vector<std::size_t> done;
  run(concurrently(5, 1, [&](std::size_t i) -> Task<void> {
    done.push_back(i);
    co_return;
  }));
  EXPECT_EQ(done, (std::vector<std::size_t>{0, 1, 2, 3, 4}));
}

TEST(Concurrently, begins_as_many_as_it_may) {
  Pending pending;
  Outcome outcome;
  begin(outcome, pending, 10, 3);
  EXPECT_EQ(pending.begun, 3);
  for (int ended = 0; ended < 10; ++ended) {
    EXPECT_FALSE(outcome.ended);
    EXPECT_LE(pending.waiting(), 3u);
    pending.end_one();
  }
  EXPECT_EQ(pending.begun, 10);
  EXPECT_TRUE(outcome.ended);
  EXPECT_FALSE(outcome.error);
}

TEST(Concurrently, after_an_error_it_waits_for_what_was_begun_and_begins_no_more) {
  Pending pending;
  Outcome outcome;
  begin(outcome, pending, 10, 3);
  pending.end_one(std::make_exception_ptr(std::runtime_error("first")));
  EXPECT_FALSE(outcome.ended);
  pending.end_one(std::make_exception_ptr(std::runtime_error("second")));
  pending.end_one();
  EXPECT_EQ(pending.begun, 3);
  ASSERT_TRUE(outcome.ended);
  try {
    std::rethrow_exception(outcome.error);
  } catch (const std::runtime_error& error) {
    EXPECT_STREQ(error.what(), "first");
  }
}

TEST(Concurrently, the_error_of_a_single_one_is_thrown) {
  EXPECT_THROW(run(concurrently(1, 4,
                                [](std::size_t) -> Task<void> {
                                  throw std::runtime_error("only");
                                  co_return;
                                })),
               std::runtime_error);
}

Task<int> after(Pending& pending, int value) {
  co_await pending.wait();
  co_return value;
}

TEST(Both, are_begun_at_once_and_have_their_results_in_order) {
  Pending pending;
  std::optional<std::pair<int, int>> results;
  start(both(after(pending, 1), after(pending, 2)),
        [&](const std::exception_ptr&, std::pair<int, int> pair) { results = pair; });
  EXPECT_EQ(pending.begun, 2);
  pending.end_one();
  EXPECT_FALSE(results);
  pending.end_one();
  EXPECT_EQ(results, std::pair(1, 2));
}

TEST(Both, throws_the_error_of_either_when_both_have_ended) {
  Pending pending;
  std::exception_ptr error;
  start(both(after(pending, 1), after(pending, 2)),
        [&](const std::exception_ptr& thrown, std::pair<int, int>) { error = thrown; });
  pending.end_one(std::make_exception_ptr(std::runtime_error("first")));
  EXPECT_FALSE(error);
  pending.end_one();
  EXPECT_TRUE(error);
}

}  // namespace
}  // namespace killrvideo
