#include "common/keyed_mutex.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <thread>
#include <vector>

namespace killrvideo {
namespace {

using Mutex = KeyedMutex<int>;

Task<void> take_into(Mutex& mutex, int key, std::optional<Mutex::Lock>& held) {
  held.emplace(co_await mutex.lock(key));
}

// `held` is the lock, once it is there.
void take(Mutex& mutex, int key, std::optional<Mutex::Lock>& held) {
  start(take_into(mutex, key, held), [](std::exception_ptr error) { EXPECT_FALSE(error); });
}

TEST(KeyedMutex, OneKeyIsHeldOnce) {
  Mutex mutex;
  std::optional<Mutex::Lock> first, second, third;
  take(mutex, 1, first);
  take(mutex, 1, second);
  take(mutex, 1, third);
  EXPECT_TRUE(first);
  EXPECT_FALSE(second);
  EXPECT_FALSE(third);
  first.reset();
  EXPECT_TRUE(second.has_value() != third.has_value());
  auto& next = second ? second : third;
  auto& last = second ? third : second;
  next.reset();
  EXPECT_TRUE(last);
}

TEST(KeyedMutex, OtherKeysDoNotWait) {
  Mutex mutex;
  std::optional<Mutex::Lock> first, second;
  take(mutex, 1, first);
  take(mutex, 17, second);
  EXPECT_TRUE(first);
  EXPECT_TRUE(second);
}

// Each reads, waits a little and writes what it read and one more: only in turns is nothing lost.
Task<void> count_up(Mutex& mutex, int key, int& counter) {
  auto lock = co_await mutex.lock(key);
  int read = counter;
  std::this_thread::yield();
  counter = read + 1;
}

TEST(KeyedMutex, ThreadsTakeTurns) {
  constexpr int keys = 3, threads = 4, rounds = 5'000;
  Mutex mutex;
  int counters[keys]{};
  {
    std::vector<std::jthread> running;
    for (int t = 0; t < threads; ++t)
      running.emplace_back([&] {
        for (int i = 0; i < rounds; ++i) run(count_up(mutex, i % keys, counters[i % keys]));
      });
  }
  int sum = 0;
  for (int counter : counters) sum += counter;
  EXPECT_EQ(sum, threads * rounds);
}

}  // namespace
}  // namespace killrvideo
