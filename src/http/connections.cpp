#include "http/connections.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <map>
#include <thread>

#include "http/outgoing.hpp"

namespace killrvideo::http {
namespace {

namespace beast = boost::beast;

using asio::use_awaitable;
using asio::ip::tcp;
using std::chrono::steady_clock;

constexpr std::size_t most_idle = 64;
constexpr std::uint64_t largest_response = 256U << 20;

}  // namespace

class Connections::Connection {
 public:
  Connection(const asio::any_io_executor& executor, asio::ssl::context& tls)
      : stream_(executor, tls) {}

  asio::awaitable<void> open(const Endpoint& endpoint, steady_clock::time_point until) {
    tls_ = endpoint.tls;
    tcp::resolver resolver(stream_.get_executor());
    lowest().expires_at(until);
    const auto found = co_await resolver.async_resolve(
        endpoint.address.host, std::to_string(endpoint.address.port), use_awaitable);
    co_await lowest().async_connect(found, use_awaitable);
    lowest().socket().set_option(tcp::no_delay(true));
    if (tls_) co_await shake_hands(endpoint.address.host);
  }

  asio::awaitable<Response> exchange(const SentRequest& request, steady_clock::time_point until) {
    used_ = true;
    lowest().expires_at(until);
    if (tls_) co_return co_await exchange_on(stream_, request);
    co_return co_await exchange_on(lowest(), request);
  }

  bool was_used() const { return used_; }
  /// Whether the last response allows for another request.
  bool may_be_kept() const { return keep_alive_; }

 private:
  beast::tcp_stream& lowest() { return stream_.next_layer(); }

  asio::awaitable<void> shake_hands(const std::string& host) {
    // Names only: there is no indication of addresses.
    boost::system::error_code no_address;
    asio::ip::make_address(host, no_address);
    if (no_address) SSL_set_tlsext_host_name(stream_.native_handle(), host.c_str());
    stream_.set_verify_mode(asio::ssl::verify_peer);
    stream_.set_verify_callback(asio::ssl::host_name_verification(host));
    co_await stream_.async_handshake(asio::ssl::stream_base::client, use_awaitable);
  }

  template <class Stream>
  asio::awaitable<Response> exchange_on(Stream& stream, const SentRequest& request) {
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

  beast::ssl_stream<beast::tcp_stream> stream_;
  beast::flat_buffer buffer_;
  bool tls_ = false;
  bool used_ = false;
  bool keep_alive_ = false;
};

// One thread, and the connections that only this thread uses.
struct Connections::Loop {
  explicit Loop(asio::ssl::context& context) : tls(context) {}

  std::unique_ptr<Connection> take(const std::string& endpoint) {
    auto& kept = idle[endpoint];
    if (kept.empty()) return nullptr;
    auto connection = std::move(kept.back());
    kept.pop_back();
    return connection;
  }

  void keep(const std::string& endpoint, std::unique_ptr<Connection> connection) {
    auto& kept = idle[endpoint];
    if (kept.size() < most_idle) kept.push_back(std::move(connection));
  }

  asio::ssl::context& tls;
  asio::io_context io{1};
  asio::executor_work_guard<asio::io_context::executor_type> work{io.get_executor()};
  std::map<std::string, std::vector<std::unique_ptr<Connection>>> idle;
  std::jthread thread{[this] { io.run(); }};
};

Connections::Connections(const ClientTls& tls, unsigned threads) : tls_(make_client_context(tls)) {
  for (unsigned i = 0; i < threads; ++i) loops_.push_back(std::make_unique<Loop>(tls_));
}

Connections::~Connections() {
  for (auto& loop : loops_) {
    loop->work.reset();
    loop->thread.join();
  }
}

Task<Response> Connections::send(Endpoint endpoint, Call call, steady_clock::time_point until) {
  auto& loop = *loops_[next_++ % loops_.size()];
  co_return co_await suspended<std::exception_ptr, Response>([&](auto resume) {
    asio::co_spawn(loop.io, exchange(loop, std::move(endpoint), std::move(call), until),
                   std::move(resume));
  });
}

asio::awaitable<Response> Connections::exchange(Loop& loop, Endpoint endpoint, Call call,
                                                steady_clock::time_point until) {
  const auto name = to_string(endpoint);
  const auto request = request_of(endpoint, call, true);
  try {
    for (;;) {
      auto connection = loop.take(name);
      const bool kept = connection && connection->was_used();
      if (!connection) {
        connection = std::make_unique<Connection>(loop.io.get_executor(), loop.tls);
        co_await connection->open(endpoint, until);
      }
      try {
        auto response = co_await connection->exchange(request, until);
        if (connection->may_be_kept()) loop.keep(name, std::move(connection));
        co_return response;
      } catch (const boost::system::system_error&) {
        // The server may have closed it while nobody looked.
        if (!kept || steady_clock::now() >= until) throw;
      }
    }
  } catch (const boost::system::system_error& error) {
    const bool late = error.code() == beast::error::timeout;
    throw Error(Code::unavailable,
                name + ": " + (late ? std::string("no answer in time") : error.code().message()));
  }
}

}  // namespace killrvideo::http
