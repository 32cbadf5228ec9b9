// Requests to other servers over connections that are kept, many at a time, each with a limit of
// time: for what calls of clients wait for.
#pragma once

#include <atomic>
#include <boost/asio/ssl/context.hpp>
#include <chrono>
#include <memory>
#include <vector>

#include "common/task.hpp"
#include "http/tcp_client.hpp"

namespace killrvideo::http {

/// All of it may be used by any thread.
class Connections {
 public:
  /// Throws Error invalid_argument as TcpClient does. What awaits a response goes on in one of
  /// `threads` threads.
  Connections(const ClientTls& tls, unsigned threads);
  /// REQUIRES: nobody waits for a response.
  ~Connections();
  Connections(const Connections&) = delete;
  Connections& operator=(const Connections&) = delete;

  /// Sends the call and returns the response, of whatever status. Throws Error unavailable that
  /// names the endpoint if there is none until then. A call that finds its kept connection closed
  /// is sent once more: REQUIRES: it may be carried out twice.
  Task<Response> send(Endpoint endpoint, Call call, std::chrono::steady_clock::time_point until);

 private:
  struct Loop;

  static asio::awaitable<Response> exchange(Loop& loop, Endpoint endpoint, Call call,
                                            std::chrono::steady_clock::time_point until);

  asio::ssl::context tls_;
  std::atomic<std::size_t> next_{0};
  std::vector<std::unique_ptr<Loop>> loops_;
};

}  // namespace killrvideo::http
