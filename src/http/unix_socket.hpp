// Unix-domain sockets at paths of any length.
#pragma once

#include <boost/asio/local/stream_protocol.hpp>
#include <filesystem>

namespace killrvideo::http {

/// The endpoint of the socket at `path`. A socket's address has room for about a hundred bytes;
/// longer paths go through a descriptor of their directory.
class UnixEndpoint {
 public:
  /// Throws Error unavailable if the directory of a long path cannot be opened.
  explicit UnixEndpoint(const std::filesystem::path& path);
  UnixEndpoint(const UnixEndpoint&) = delete;
  UnixEndpoint& operator=(const UnixEndpoint&) = delete;
  ~UnixEndpoint();

  /// Good for binding and connecting for as long as this object lives.
  const boost::asio::local::stream_protocol::endpoint& get() const noexcept { return endpoint_; }

 private:
  int directory_ = -1;
  boost::asio::local::stream_protocol::endpoint endpoint_;
};

}  // namespace killrvideo::http
