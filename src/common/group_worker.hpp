// A thread that processes items in groups.
#pragma once

#include <condition_variable>
#include <exception>
#include <functional>
#include <mutex>
#include <span>
#include <stop_token>
#include <string>
#include <thread>
#include <unordered_set>
#include <vector>

#include "common/error.hpp"
#include "common/task.hpp"
#include "common/uuid.hpp"

namespace killrvideo {

/// Items that arrive while a group is processed form the next group.
template <class Item>
class GroupWorker {
 public:
  struct Limits {
    std::size_t at_a_time;
    std::size_t waiting;
  };

  /// `work` receives up to `at_a_time` items, all with different keys, and may block. If it throws
  /// for several items, it is called again with each alone, so that a bad one does not fail the
  /// others. `what` names the items in the error that says that too many wait.
  GroupWorker(std::string what, Limits limits, std::function<Uuid(const Item&)> key,
              std::function<void(std::span<const Item>)> work)
      : what_(std::move(what)),
        limits_(limits),
        key_(std::move(key)),
        work_(std::move(work)),
        thread_([this](const std::stop_token& stop) { loop(stop); }) {}
  GroupWorker(const GroupWorker&) = delete;
  GroupWorker& operator=(const GroupWorker&) = delete;
  /// REQUIRES: no call of process() is running.
  ~GroupWorker() = default;

  /// Returns when the item is processed. Throws what `work` threw, or resource_exhausted if too many
  /// items wait. The caller resumes in the worker's thread, which it must not block.
  Task<void> process(Item item) {
    co_await suspended<std::exception_ptr>(
        [&](Done done) { enqueue(std::move(item), std::move(done)); });
  }

 private:
  using Done = Resume<std::exception_ptr>;
  struct Group {
    std::vector<Item> items;
    std::vector<Done> done;

    void add(Item item, Done when_done) {
      items.push_back(std::move(item));
      done.push_back(std::move(when_done));
    }
  };

  void enqueue(Item item, Done done) {
    {
      const std::lock_guard lock(mutex_);
      if (waiting_.items.size() < limits_.waiting) {
        waiting_.add(std::move(item), std::move(done));
        wake_.notify_one();
        return;
      }
    }
    done(std::make_exception_ptr(Error(Code::resource_exhausted, "too many " + what_ + " wait")));
  }

  void loop(const std::stop_token& stop) {
    for (;;) {
      {
        std::unique_lock lock(mutex_);
        if (!wake_.wait(lock, stop, [&] { return !waiting_.items.empty(); })) return;
      }
      auto group = take_group();
      const std::span<const Item> items(group.items);
      std::vector<std::exception_ptr> errors(items.size());
      if (const auto error = try_to_work(items)) {
        for (std::size_t i = 0; i < items.size(); ++i)
          errors[i] = items.size() == 1 ? error : try_to_work(items.subspan(i, 1));
      }
      for (std::size_t i = 0; i < items.size(); ++i) group.done[i](errors[i]);
    }
  }

  std::exception_ptr try_to_work(std::span<const Item> items) try {
    work_(items);
    return {};
  } catch (...) {
    return std::current_exception();
  }

  // Takes one item of each key: the next one of the same key starts from its result.
  Group take_group() {
    const std::lock_guard lock(mutex_);
    Group group, rest;
    std::unordered_set<Uuid, UuidHash> keys;
    for (std::size_t i = 0; i < waiting_.items.size(); ++i) {
      Item& item = waiting_.items[i];
      const bool now = group.items.size() < limits_.at_a_time && keys.insert(key_(item)).second;
      (now ? group : rest).add(std::move(item), std::move(waiting_.done[i]));
    }
    waiting_ = std::move(rest);
    return group;
  }

  const std::string what_;
  const Limits limits_;
  const std::function<Uuid(const Item&)> key_;
  const std::function<void(std::span<const Item>)> work_;
  std::mutex mutex_;
  std::condition_variable_any wake_;
  Group waiting_;
  std::jthread thread_;
};

}  // namespace killrvideo
