// Slows down those who guess passwords: failed logins per account and per peer are limited.
#pragma once

#include <chrono>
#include <functional>
#include <mutex>
#include <string>
#include <unordered_map>
#include <utility>

namespace killrvideo {

struct LoginLimits {
  unsigned failures_per_account;
  unsigned failures_per_peer;
  std::chrono::seconds window;  ///< failures count for this long after the first of them
};

/// Counts in memory. Any thread.
class LoginThrottle {
 public:
  using Clock = std::chrono::steady_clock;

  /// `now`: what tells the time.
  explicit LoginThrottle(LoginLimits limits, std::function<Clock::time_point()> now = &Clock::now)
      : limits_(limits), now_(std::move(now)) {}

  /// To be called before a password is checked: counts the attempt as failed until succeeded() is
  /// called, so that many at once cannot slip through, or withdrawn() since it came to no answer.
  /// Throws resource_exhausted if the account (known or not, so that nothing shows which are) or
  /// the peer has had its share.
  void attempt(const std::string& account, const std::string& peer);
  void succeeded(const std::string& account, const std::string& peer);
  void withdrawn(const std::string& account, const std::string& peer);

 private:
  struct Failures {
    unsigned count = 0;
    Clock::time_point since;
  };
  using Counts = std::unordered_map<std::string, Failures>;

  Failures& current(Counts& counts, const std::string& key, Clock::time_point now);
  void forget_old(Counts& counts, Clock::time_point now);

  static void take_back(Counts& counts, const std::string& key);

  const LoginLimits limits_;
  const std::function<Clock::time_point()> now_;
  std::mutex mutex_;
  Counts accounts_;
  Counts peers_;
};

}  // namespace killrvideo
