// Slows down those who guess passwords: failed logins per account and per peer are limited.
#pragma once

#include <chrono>
#include <mutex>
#include <string>
#include <unordered_map>

namespace killrvideo {

struct LoginLimits {
  unsigned failures_per_account;
  unsigned failures_per_peer;
  std::chrono::seconds window;  ///< failures count for this long after the first of them
};

/// Counts in memory. Any thread.
class LoginThrottle {
 public:
  explicit LoginThrottle(LoginLimits limits) : limits_(limits) {}

  /// To be called before a password is checked: counts the attempt as failed until succeeded() is
  /// called, so that many at once cannot slip through. Throws resource_exhausted if the account
  /// (known or not, so that nothing shows which are) or the peer has had its share.
  void attempt(const std::string& account, const std::string& peer);
  void succeeded(const std::string& account, const std::string& peer);

 private:
  using Clock = std::chrono::steady_clock;
  struct Failures {
    unsigned count = 0;
    Clock::time_point since;
  };
  using Counts = std::unordered_map<std::string, Failures>;

  Failures& current(Counts& counts, const std::string& key, Clock::time_point now);
  void forget_old(Counts& counts, Clock::time_point now);

  const LoginLimits limits_;
  std::mutex mutex_;
  Counts accounts_;
  Counts peers_;
};

}  // namespace killrvideo
