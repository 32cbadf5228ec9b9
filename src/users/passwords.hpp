// Password hashing (argon2id), on threads of its own: a hash takes some 20 ms of a core.
#pragma once

#include <atomic>
#include <boost/asio/thread_pool.hpp>
#include <functional>
#include <string>

#include "common/context.hpp"
#include "common/task.hpp"

namespace killrvideo {

class Passwords {
 public:
  /// At most `waiting` hashes may wait for a thread; more are refused with resource_exhausted.
  Passwords(unsigned threads, std::size_t waiting);
  ~Passwords();

  // Both throw deadline_exceeded if the caller's deadline passes before a thread is free, aborted if
  // the caller has gone away by then.

  /// The hash to store, with its parameters and a random salt.
  Task<std::string> hash(const Context& context, std::string password);

  /// Whether the hash is that of the password. Takes as long if it is no hash of ours at all.
  Task<bool> verify(const Context& context, std::string hash, std::string password);

 private:
  /// Runs `work` on the pool; the caller goes on there.
  Task<std::string> run(const Context& context, std::function<std::string()> work);

  const std::size_t most_waiting_;
  std::atomic<std::size_t> waiting_{0};
  std::string decoy_;  // verified in place of hashes that are none
  boost::asio::thread_pool pool_;
};

}  // namespace killrvideo
