// Requests to other servers over TCP, with or without TLS, each with a limit of time.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ssl/context.hpp>
#include <chrono>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "http/endpoint.hpp"
#include "http/message.hpp"

namespace killrvideo::http {

/// A request to be sent.
struct Call {
  std::string method;
  std::string target;  ///< "/v2/keys?recursive=true"
  std::string body = {};
  std::vector<Header> headers = {};
};

/// The header of basic authentication.
Header basic_authorization(std::string_view user, std::string_view password);

/// Until when an answer is waited for: a time, or a request to stop.
struct Until {
  std::chrono::steady_clock::time_point time;
  std::stop_token stop = {};
};

/// What connections with TLS are made with. Throws Error invalid_argument about tls-ca,
/// tls-certificate or tls-key if that file cannot be used.
boost::asio::ssl::context make_client_context(const ClientTls& tls);

/// May be used by one thread at a time.
class TcpClient {
 public:
  /// Throws as make_client_context() does.
  explicit TcpClient(const ClientTls& tls);

  /// Sends the call on a connection of its own and returns the response, of whatever status. Throws
  /// Error unavailable that names the endpoint if there is none in time.
  Response send(const Endpoint& endpoint, const Call& call, const Until& until);

 private:
  boost::asio::awaitable<Response> exchange(const Endpoint& endpoint, const Call& call);

  boost::asio::ssl::context tls_;
};

}  // namespace killrvideo::http
