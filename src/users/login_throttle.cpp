#include "users/login_throttle.hpp"

#include "common/error.hpp"

namespace killrvideo {
namespace {

// Bounds the memory that made-up accounts can take.
constexpr std::size_t most_entries = 100'000;

}  // namespace

void LoginThrottle::attempt(const std::string& account, const std::string& peer) {
  std::lock_guard lock(mutex_);
  auto now = now_();
  Failures& of_account = current(accounts_, account, now);
  Failures& of_peer = current(peers_, peer, now);
  if (of_account.count >= limits_.failures_per_account ||
      of_peer.count >= limits_.failures_per_peer)
    throw Error(Code::resource_exhausted, "too many failed logins; try again in " +
                                              std::to_string(limits_.window.count()) + " seconds");
  ++of_account.count;
  ++of_peer.count;
}

void LoginThrottle::succeeded(const std::string& account, const std::string& peer) {
  std::lock_guard lock(mutex_);
  accounts_.erase(account);
  take_back(peers_, peer);
}

void LoginThrottle::withdrawn(const std::string& account, const std::string& peer) {
  std::lock_guard lock(mutex_);
  take_back(accounts_, account);
  take_back(peers_, peer);
}

void LoginThrottle::take_back(Counts& counts, const std::string& key) {
  auto at = counts.find(key);
  if (at != counts.end() && at->second.count > 0) --at->second.count;
}

LoginThrottle::Failures& LoginThrottle::current(Counts& counts, const std::string& key,
                                                Clock::time_point now) {
  if (counts.size() >= most_entries) forget_old(counts, now);
  Failures& failures = counts[key];
  if (failures.count == 0 || now - failures.since >= limits_.window) failures = {0, now};
  return failures;
}

void LoginThrottle::forget_old(Counts& counts, Clock::time_point now) {
  std::erase_if(counts,
                [&](const auto& entry) { return now - entry.second.since >= limits_.window; });
  // Whoever fills the table within one window must not make room for guessing by it.
  if (counts.size() >= most_entries)
    throw Error(Code::resource_exhausted, "too many failed logins; try again later");
}

}  // namespace killrvideo
