#include "http/tcp_client.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <thread>

#include "transport/http/server.hpp"

namespace killrvideo::http {
namespace {

namespace asio = boost::asio;

using std::chrono::steady_clock;
using testing::HasSubstr;
using testing::ThrowsMessage;
using namespace std::chrono_literals;

Until within(std::chrono::milliseconds time) { return {steady_clock::now() + time}; }

TEST(HttpEndpoint, is_read_with_and_without_scheme_and_port) {
  EXPECT_EQ(parse_endpoint("etcd", 2379), (Endpoint{{"etcd", 2379}, false}));
  EXPECT_EQ(parse_endpoint("10.0.0.1:4001", 2379), (Endpoint{{"10.0.0.1", 4001}, false}));
  EXPECT_EQ(parse_endpoint("http://etcd", 2379), (Endpoint{{"etcd", 2379}, false}));
  EXPECT_EQ(parse_endpoint("http://etcd:80/", 2379), (Endpoint{{"etcd", 80}, false}));
  EXPECT_EQ(parse_endpoint("https://[::1]:443", 2379), (Endpoint{{"::1", 443}, true}));
  EXPECT_EQ(to_string(Endpoint{{"::1", 443}, true}), "https://[::1]:443");
}

TEST(HttpEndpoint, refuses_what_is_none) {
  for (const auto* text : {"", "http://", "https:///", "ftp://etcd", "http://etcd/path",
                           "etcd:port", "http://user@etcd:1", "etcd/", "a b"})
    EXPECT_FALSE(parse_endpoint(text, 2379)) << text;
}

TEST(HttpTcpClient, exchanges_a_request_for_a_response) {
  Routes routes;
  routes.add("POST", "/echo", [](const Request& request) {
    return Response{.status = 404, .body = request.body + request.query.at("more")};
  });
  const Server server(Address{"127.0.0.1", 0}, std::move(routes));
  TcpClient client({});
  const auto response =
      client.send({server.address()}, {"POST", "/echo?more=me", "hear ", {}}, within(30s));
  EXPECT_EQ(response.status, 404);
  EXPECT_EQ(response.body, "hear me");
}

TEST(HttpTcpClient, says_who_does_not_listen) {
  TcpClient client({});
  // Nobody listens on port 1 of the loopback device.
  EXPECT_THAT([&] { client.send({{"127.0.0.1", 1}}, {"GET", "/"}, within(30s)); },
              ThrowsMessage<Error>(HasSubstr("http://127.0.0.1:1: Connection refused")));
}

// A server that takes connections and says nothing.
class SilentServer {
 public:
  Endpoint endpoint() const { return {{"127.0.0.1", acceptor_.local_endpoint().port()}}; }

 private:
  asio::io_context context_;
  asio::ip::tcp::acceptor acceptor_{context_, {asio::ip::address_v4::loopback(), 0}};
};

TEST(HttpTcpClient, gives_up_when_the_time_is_over) {
  const SilentServer server;
  TcpClient client({});
  EXPECT_THAT([&] { client.send(server.endpoint(), {"GET", "/"}, within(20ms)); },
              ThrowsMessage<Error>(HasSubstr("no answer in time")));
}

TEST(HttpTcpClient, gives_up_when_it_is_asked_to) {
  const SilentServer server;
  TcpClient client({});
  std::stop_source source;
  const std::jthread stopper([&] {
    std::this_thread::sleep_for(20ms);
    source.request_stop();
  });
  const Until never{steady_clock::now() + 1h, source.get_token()};
  EXPECT_THROW(client.send(server.endpoint(), {"GET", "/"}, never), Error);
  // Also if it was asked before.
  EXPECT_THROW(client.send(server.endpoint(), {"GET", "/"}, never), Error);
}

TEST(HttpTcpClient, writes_the_header_of_basic_authentication) {
  // The example of RFC 7617, section 2.
  const auto header = basic_authorization("Aladdin", "open sesame");
  EXPECT_EQ(header.name, "Authorization");
  EXPECT_EQ(header.value, "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
}

}  // namespace
}  // namespace killrvideo::http
