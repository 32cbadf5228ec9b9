// One connection to another server, for requests one after the other.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/ssl.hpp>
#include <chrono>
#include <string>

#include "http/tcp_client.hpp"

namespace killrvideo::http {

/// With TLS where the endpoint is. What fails throws boost::system::system_error; if the time is
/// over, it is beast::error::timeout.
class Connection {
 public:
  using Time = std::chrono::steady_clock::time_point;

  /// `tls` outlives this.
  Connection(const boost::asio::any_io_executor& executor, boost::asio::ssl::context& tls)
      : stream_(executor, tls) {}

  boost::asio::awaitable<void> open(const Endpoint& endpoint, Time until);

  /// `keep_alive`: asks the server to wait for further requests. REQUIRES: this is open.
  boost::asio::awaitable<Response> exchange(const Call& call, bool keep_alive, Time until);

  bool was_used() const { return used_; }
  /// Whether the last response allows for another request.
  bool may_be_kept() const { return keep_alive_; }

 private:
  using SentRequest = boost::beast::http::request<boost::beast::http::string_body>;

  boost::beast::tcp_stream& lowest() { return stream_.next_layer(); }
  boost::asio::awaitable<void> shake_hands(const std::string& host);
  template <class Stream>
  boost::asio::awaitable<Response> exchange_on(Stream& stream, SentRequest request);

  boost::beast::ssl_stream<boost::beast::tcp_stream> stream_;
  boost::beast::flat_buffer buffer_;
  Endpoint endpoint_;
  bool used_ = false;
  bool keep_alive_ = false;
};

}  // namespace killrvideo::http
