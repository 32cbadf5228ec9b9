#include "http/tcp_client.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/this_coro.hpp>
#include <optional>

#include "http/base64.hpp"
#include "http/connection.hpp"

namespace killrvideo::http {
namespace {

namespace asio = boost::asio;

[[noreturn]] void no_answer(const Endpoint& endpoint, const std::string& why) {
  throw Error(Code::unavailable, to_string(endpoint) + ": " + why);
}

// Calls one of the context's functions that load a file.
void load(const char* field, const std::filesystem::path& path, const char* what, auto function) {
  boost::system::error_code error;
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
  // Whoever runs it limits its time.
  constexpr auto never = std::chrono::steady_clock::time_point::max();
  Connection connection(co_await asio::this_coro::executor, tls_);
  co_await connection.open(endpoint, never);
  co_return co_await connection.exchange(call, false, never);
}

}  // namespace killrvideo::http
