// One connection of a client.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/beast/core/basic_stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include "transport/http/routes.hpp"
#include "transport/http/server.hpp"

namespace killrvideo::http {

/// All of its functions are called in the server's thread.
class Session {
 public:
  using Stream = boost::beast::basic_stream<boost::asio::generic::stream_protocol>;

  Session(Stream::socket_type socket, const Routes& routes, const Limits& limits)
      : stream_(std::move(socket)), routes_(routes), limits_(limits) {}

  /// Answers requests until the client closes, is too slow or stop() is called. Does not throw.
  boost::asio::awaitable<void> run();

  /// Ends run(): at once while it waits for a request, else after the response.
  void stop();

 private:
  using Parser = boost::beast::http::request_parser<boost::beast::http::string_body>;

  boost::asio::awaitable<boost::system::error_code> read(Parser& parser);
  boost::asio::awaitable<bool> answer(boost::system::error_code error, Parser& parser);
  boost::asio::awaitable<bool> write(const Response& response, bool keep_alive, bool with_body);

  Stream stream_;
  boost::beast::flat_buffer buffer_;
  const Routes& routes_;
  const Limits& limits_;
  bool reading_ = false;
  bool stopping_ = false;
};

}  // namespace killrvideo::http
