// A bounded cache of what was computed from one version of something.
#pragma once

#include <cstddef>
#include <functional>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <utility>

namespace killrvideo {

/// Values by key, all of one version. A value is found only while its version is the current one,
/// so it is as good as one that is computed now. Any thread.
template <class Version, class Key, class Value, class Hash = std::hash<Key>>
class VersionedCache {
 public:
  using Cost = std::function<std::size_t(const Key&, const Value&)>;

  /// Keeps values whose costs add up to at most `capacity`; when the next one exceeds that, all
  /// others are dropped. Every value should cost something.
  VersionedCache(std::size_t capacity, Cost cost) : capacity_(capacity), cost_(std::move(cost)) {}

  /// A copy of the value, if it is kept and of this version. Values should be cheap to copy.
  std::optional<Value> find(const Version& version, const Key& key) const {
    const std::lock_guard lock(mutex_);
    if (version != version_) return std::nullopt;
    const auto found = values_.find(key);
    return found == values_.end() ? std::nullopt : std::optional(found->second);
  }

  /// Keeps a value in place of one with this key, and drops all values of other versions. The value
  /// may have been computed from a later version than this: nobody asks for this one then.
  void keep(const Version& version, Key key, Value value) {
    const auto cost = cost_(key, value);
    const std::lock_guard lock(mutex_);
    if (version != version_) {
      drop_all();
      version_ = version;
    }
    if (cost > capacity_) return;
    if (const auto old = values_.find(key); old != values_.end()) {
      kept_ -= cost_(old->first, old->second);
      values_.erase(old);
    }
    if (kept_ + cost > capacity_) drop_all();
    values_.emplace(std::move(key), std::move(value));
    kept_ += cost;
  }

 private:
  void drop_all() {
    values_.clear();
    kept_ = 0;
  }

  const std::size_t capacity_;
  const Cost cost_;
  mutable std::mutex mutex_;
  Version version_{};
  std::unordered_map<Key, Value, Hash> values_;
  std::size_t kept_ = 0;  // the cost of all values
};

}  // namespace killrvideo
