#include "http/tcp_client.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <optional>

#include "http/base64.hpp"
#include "http/outgoing.hpp"

namespace killrvideo::http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;

using asio::use_awaitable;
using asio::ip::tcp;
using boost::system::error_code;

template <class Stream>
asio::awaitable<Response> exchange_on(Stream& stream, SentRequest request) {
  co_await beast::http::async_write(stream, request, use_awaitable);
  beast::flat_buffer buffer;
  beast::http::response<beast::http::string_body> response;
  co_await beast::http::async_read(stream, buffer, response, use_awaitable);
  co_return Response{.status = static_cast<int>(response.result_int()),
                     .content_type = response[beast::http::field::content_type],
                     .body = std::move(response.body())};
}

asio::awaitable<tcp::socket> connect(const Address& address) {
  const auto executor = co_await asio::this_coro::executor;
  tcp::resolver resolver(executor);
  const auto found =
      co_await resolver.async_resolve(address.host, std::to_string(address.port), use_awaitable);
  tcp::socket socket(executor);
  co_await asio::async_connect(socket, found, use_awaitable);
  co_return socket;
}

asio::awaitable<void> shake_hands(asio::ssl::stream<tcp::socket>& stream, const std::string& host) {
  // Names only: there is no indication of addresses.
  error_code no_address;
  asio::ip::make_address(host, no_address);
  if (no_address) SSL_set_tlsext_host_name(stream.native_handle(), host.c_str());
  stream.set_verify_mode(asio::ssl::verify_peer);
  stream.set_verify_callback(asio::ssl::host_name_verification(host));
  co_await stream.async_handshake(asio::ssl::stream_base::client, use_awaitable);
}

[[noreturn]] void no_answer(const Endpoint& endpoint, const std::string& why) {
  throw Error(Code::unavailable, to_string(endpoint) + ": " + why);
}

// Calls one of the context's functions that load a file.
void load(const char* field, const std::filesystem::path& path, const char* what, auto function) {
  error_code error;
  function(path.native(), error);
  if (error) throw invalid(field, path.native() + " is no " + what + " in PEM");
}

}  // namespace

Header basic_authorization(std::string_view user, std::string_view password) {
  return {"Authorization", "Basic " + to_base64(std::string(user) + ":" + std::string(password))};
}

asio::ssl::context make_client_context(const ClientTls& tls) {
  using asio::ssl::context;
  context made(context::tls_client);
  if (tls.ca.empty()) {
    made.set_default_verify_paths();
  } else {
    load("tls-ca", tls.ca, "certificate",
         [&](auto& path, auto& error) { made.load_verify_file(path, error); });
  }
  if (tls.certificate.empty()) return made;
  load("tls-certificate", tls.certificate, "certificate",
       [&](auto& path, auto& error) { made.use_certificate_chain_file(path, error); });
  load("tls-key", tls.key, "private key of the certificate",
       [&](auto& path, auto& error) { made.use_private_key_file(path, context::pem, error); });
  return made;
}

TcpClient::TcpClient(const ClientTls& tls) : tls_(make_client_context(tls)) {}

Response TcpClient::send(const Endpoint& endpoint, const Call& call, const Until& until) {
  std::optional<Response> response;
  std::exception_ptr failure;
  asio::io_context context{1};
  asio::co_spawn(context, exchange(endpoint, call), [&](std::exception_ptr error, Response answer) {
    failure = std::move(error);
    if (!failure) response = std::move(answer);
  });
  const std::stop_callback cut_off(until.stop, [&] { context.stop(); });
  context.run_until(until.time);
  try {
    if (failure) std::rethrow_exception(failure);
  } catch (const boost::system::system_error& error) {
    no_answer(endpoint, error.code().message());
  }
  if (!response) no_answer(endpoint, "no answer in time");
  return *std::move(response);
}

asio::awaitable<Response> TcpClient::exchange(const Endpoint& endpoint, const Call& call) {
  auto socket = co_await connect(endpoint.address);
  if (!endpoint.tls) co_return co_await exchange_on(socket, request_of(endpoint, call, false));
  asio::ssl::stream<tcp::socket> stream(std::move(socket), tls_);
  co_await shake_hands(stream, endpoint.address.host);
  co_return co_await exchange_on(stream, request_of(endpoint, call, false));
}

}  // namespace killrvideo::http
