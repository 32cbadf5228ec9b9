// A mutex for each key: coroutines that lock the same key run one after another.
#pragma once

#include <array>
#include <functional>
#include <mutex>
#include <unordered_map>
#include <utility>
#include <vector>

#include "common/task.hpp"

namespace killrvideo {

template <class Key, class Hash = std::hash<Key>>
class KeyedMutex {
 public:
  /// Holds a key until it is destroyed. The waiting coroutines then resume in the destroying
  /// thread.
  class Lock {
   public:
    Lock(Lock&& other) noexcept
        : mutex_(std::exchange(other.mutex_, nullptr)), key_(std::move(other.key_)) {}
    Lock& operator=(Lock&&) = delete;
    ~Lock() {
      if (mutex_) mutex_->unlock(key_);
    }

   private:
    friend class KeyedMutex;
    Lock(KeyedMutex& mutex, Key key) : mutex_(&mutex), key_(std::move(key)) {}

    KeyedMutex* mutex_;
    Key key_;
  };

  /// Waits until nobody holds the key. Waiting is unordered, so holders should be quick.
  /// REQUIRES: the mutex outlives the lock.
  Task<Lock> lock(Key key) {
    while (!try_lock(key)) co_await wait_for(key);
    co_return Lock(*this, std::move(key));
  }

 private:
  using Waiter = Resume<>;

  struct Shard {
    std::mutex mutex;
    std::unordered_map<Key, std::vector<Waiter>, Hash> held;
  };

  Shard& shard_of(const Key& key) { return shards_[Hash{}(key) % shards_.size()]; }

  bool try_lock(const Key& key) {
    Shard& shard = shard_of(key);
    std::lock_guard lock(shard.mutex);
    return shard.held.try_emplace(key).second;
  }

  // Returns when the key may be free.
  Task<void> wait_for(const Key& key) {
    return suspended<>([this, key](Waiter waiter) {
      Shard& shard = shard_of(key);
      std::unique_lock lock(shard.mutex);
      auto held = shard.held.find(key);
      if (held != shard.held.end()) {
        held->second.push_back(std::move(waiter));
        return;
      }
      lock.unlock();
      waiter();
    });
  }

  void unlock(const Key& key) {
    Shard& shard = shard_of(key);
    std::vector<Waiter> waiters;
    {
      std::lock_guard lock(shard.mutex);
      waiters = std::move(shard.held.extract(key).mapped());
    }
    for (Waiter& waiter : waiters) waiter();
  }

  std::array<Shard, 16> shards_;
};

}  // namespace killrvideo
