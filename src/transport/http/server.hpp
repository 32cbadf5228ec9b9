// A small HTTP/1.1 server for operators: metrics, health, administration.
#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <memory>

#include "common/address.hpp"
#include "transport/http/routes.hpp"

namespace killrvideo::http {

struct Limits {
  std::size_t header_bytes = 8 << 10;
  std::size_t body_bytes = 64 << 10;
  std::size_t connections = 256;              ///< Further ones are closed as soon as they are made.
  std::chrono::milliseconds idle{60'000};     ///< Between requests.
  std::chrono::milliseconds request{10'000};  ///< From a request's first byte to its last.
  std::chrono::milliseconds response{5'000};  ///< For the client to take the response.
};

/// Listens from construction to stop() or destruction, in one thread of its own, which the handlers
/// run in: they may be called from the moment of construction on, one at a time, and while one
/// works, the others wait.
class Server {
 public:
  /// Throws Error unavailable that names the address if it cannot be listened on.
  Server(const Address& address, Routes routes, const Limits& limits = {});

  /// Listens on a unix-domain socket that only this user may connect to. A socket left over at
  /// `path` is replaced. REQUIRES: no other process listens there; whoever locks the data directory
  /// knows.
  Server(const std::filesystem::path& path, Routes routes, const Limits& limits = {});

  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  ~Server();

  /// The address with the real port; empty for a unix-domain socket.
  const Address& address() const noexcept;

  /// Stops listening, finishes the responses that are under way and closes all connections. May be
  /// called more than once, by one thread at a time and not by a handler.
  void stop();

 private:
  class Implementation;

  std::unique_ptr<Implementation> implementation_;
};

}  // namespace killrvideo::http
