#include "http/connection.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/http.hpp>

namespace killrvideo::http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;

using asio::use_awaitable;
using asio::ip::tcp;

constexpr std::uint64_t largest_response = 256U << 20;

}  // namespace

asio::awaitable<void> Connection::open(const Endpoint& endpoint, Time until) {
  endpoint_ = endpoint;
  tcp::resolver resolver(stream_.get_executor());
  lowest().expires_at(until);
  const auto found = co_await resolver.async_resolve(
      endpoint.address.host, std::to_string(endpoint.address.port), use_awaitable);
  co_await lowest().async_connect(found, use_awaitable);
  lowest().socket().set_option(tcp::no_delay(true));
  if (endpoint.tls) co_await shake_hands(endpoint.address.host);
}

asio::awaitable<Response> Connection::exchange(const Call& call, bool keep_alive, Time until) {
  SentRequest request;
  request.method_string(call.method);
  request.target(call.target);
  request.version(11);
  request.set(beast::http::field::host, to_string(endpoint_.address));
  for (const auto& header : call.headers) request.set(header.name, header.value);
  request.keep_alive(keep_alive);
  request.body() = call.body;
  request.prepare_payload();
  used_ = true;
  lowest().expires_at(until);
  if (endpoint_.tls) co_return co_await exchange_on(stream_, std::move(request));
  co_return co_await exchange_on(lowest(), std::move(request));
}

asio::awaitable<void> Connection::shake_hands(const std::string& host) {
  // Names only: there is no indication of addresses.
  boost::system::error_code no_address;
  asio::ip::make_address(host, no_address);
  if (no_address) SSL_set_tlsext_host_name(stream_.native_handle(), host.c_str());
  stream_.set_verify_mode(asio::ssl::verify_peer);
  stream_.set_verify_callback(asio::ssl::host_name_verification(host));
  co_await stream_.async_handshake(asio::ssl::stream_base::client, use_awaitable);
}

template <class Stream>
asio::awaitable<Response> Connection::exchange_on(Stream& stream, SentRequest request) {
  co_await beast::http::async_write(stream, request, use_awaitable);
  beast::http::response_parser<beast::http::string_body> parser;
  parser.body_limit(largest_response);
  co_await beast::http::async_read(stream, buffer_, parser, use_awaitable);
  auto response = parser.release();
  keep_alive_ = response.keep_alive();
  co_return Response{.status = static_cast<int>(response.result_int()),
                     .content_type = response[beast::http::field::content_type],
                     .body = std::move(response.body())};
}

}  // namespace killrvideo::http
