#include "transport/http/server.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <boost/json.hpp>
#include <fstream>
#include <future>
#include <thread>

#include "events/eventually.hpp"
#include "http/client.hpp"
#include "transport/http/operations.hpp"

namespace killrvideo::http {
namespace {

namespace asio = boost::asio;

using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;
using namespace std::chrono_literals;

Routes test_routes() {
  Routes routes;
  routes.add("GET", "/hello", [](const Request&) { return Response{.body = "hello"}; })
      .add("POST", "/echo", [](const Request& request) { return Response{.body = request.body}; })
      .add("GET", "/query",
           [](const Request& request) { return Response{.body = request.query.at("key")}; })
      .add("GET", "/large",
           [](const Request&) { return Response{.body = std::string(8 << 20, 'x')}; })
      .add("GET", "/missing",
           [](const Request&) -> Response { throw Error(Code::not_found, "no such thing"); })
      .add("GET", "/fault",
           [](const Request&) -> Response { throw std::runtime_error("a secret"); });
  return routes;
}

// A client that sends and receives bytes as they are.
class Connection {
 public:
  explicit Connection(const Address& address) {
    asio::ip::tcp::resolver resolver(context_);
    asio::connect(socket_, resolver.resolve(address.host, std::to_string(address.port)));
  }

  void send(const std::string& text) { asio::write(socket_, asio::buffer(text)); }
  void end_sending() { socket_.shutdown(asio::socket_base::shutdown_send); }

  // All that comes until the server closes.
  std::string receive_all() {
    std::string text;
    boost::system::error_code error;
    asio::read(socket_, asio::dynamic_buffer(text), error);
    return text;
  }

  // All that comes until `end` has come.
  std::string receive_until(const std::string& end) {
    std::string text;
    while (!text.ends_with(end)) {
      char byte = 0;
      asio::read(socket_, asio::buffer(&byte, 1));
      text += byte;
    }
    return text;
  }

 private:
  asio::io_context context_;
  asio::ip::tcp::socket socket_{context_};
};

class HttpServer : public testing::Test {
 protected:
  // The answer to these bytes, with the connection closed behind them.
  std::string exchange(const std::string& bytes) const {
    Connection connection(server_.address());
    connection.send(bytes);
    return connection.receive_all();
  }

  // Whether a new client gets an answer, or its connection is closed.
  static bool is_served(const Server& server) try {
    Connection connection(server.address());
    connection.send(get("/hello"));
    return connection.receive_all().ends_with("hello");
  } catch (const boost::system::system_error&) {
    return false;
  }

  static std::string get(const std::string& target, const std::string& method = "GET") {
    return method + " " + target + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
  }

  static boost::json::object problem_in(const std::string& response) {
    EXPECT_THAT(response, HasSubstr("Content-Type: application/problem+json\r\n"));
    return boost::json::parse(response.substr(response.find("\r\n\r\n") + 4)).as_object();
  }

  static constexpr Limits limits_{.header_bytes = 1 << 10,
                                  .body_bytes = 1 << 10,
                                  .connections = 8,
                                  .idle = 400ms,
                                  .request = 300ms,
                                  .response = 300ms};
  // Of a server that waits for its clients longer than any test does.
  static constexpr Limits patient_{.header_bytes = 1 << 10,
                                   .body_bytes = 1 << 10,
                                   .connections = 8,
                                   .idle = 1h,
                                   .request = 1h,
                                   .response = 1h};
  Server server_{Address{"127.0.0.1", 0}, test_routes(), limits_};
};

TEST_F(HttpServer, tells_the_port_that_it_took) { EXPECT_NE(server_.address().port, 0); }

TEST_F(HttpServer, answers_by_method_and_path) {
  const auto response = exchange(get("/hello"));
  EXPECT_THAT(response, StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_THAT(response, HasSubstr("Content-Length: 5\r\n"));
  EXPECT_THAT(response, EndsWith("\r\n\r\nhello"));
}

TEST_F(HttpServer, answers_head_without_the_body) {
  const auto response = exchange(get("/hello", "HEAD"));
  EXPECT_THAT(response, StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_THAT(response, HasSubstr("Content-Length: 5\r\n"));
  EXPECT_THAT(response, EndsWith("\r\n\r\n"));
}

TEST_F(HttpServer, decodes_paths_and_queries) {
  EXPECT_THAT(exchange(get("/query?key=a%20b%2Fc&other=1")), EndsWith("\r\n\r\na b/c"));
  EXPECT_THAT(exchange(get("/%68ello")), EndsWith("\r\n\r\nhello"));
}

TEST_F(HttpServer, takes_bodies) {
  EXPECT_THAT(exchange("POST /echo HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                       "Content-Length: 4\r\n\r\nbody"),
              EndsWith("\r\n\r\nbody"));
  EXPECT_THAT(exchange("POST /echo HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                       "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"),
              EndsWith("\r\n\r\nabc"));
}

TEST_F(HttpServer, explains_what_it_does_not_answer) {
  const auto missing = exchange(get("/nothing"));
  EXPECT_THAT(missing, StartsWith("HTTP/1.1 404 Not Found\r\n"));
  EXPECT_EQ(problem_in(missing)["status"], 404);
  EXPECT_EQ(problem_in(missing)["title"], "Not Found");
  EXPECT_EQ(problem_in(missing)["detail"], "there is nothing at /nothing");

  const auto wrong_method = exchange(get("/hello", "DELETE"));
  EXPECT_THAT(wrong_method, StartsWith("HTTP/1.1 405 Method Not Allowed\r\n"));
  EXPECT_THAT(wrong_method, HasSubstr("Allow: GET, HEAD\r\n"));
  EXPECT_EQ(problem_in(wrong_method)["status"], 405);
  EXPECT_THAT(exchange(get("/echo")), HasSubstr("Allow: POST\r\n"));
}

TEST_F(HttpServer, maps_errors_of_handlers) {
  const auto missing = exchange(get("/missing"));
  EXPECT_THAT(missing, StartsWith("HTTP/1.1 404"));
  EXPECT_EQ(problem_in(missing)["detail"], "no such thing");
  testing::internal::CaptureStderr();
  const auto fault = exchange(get("/fault"));
  EXPECT_THAT(fault, StartsWith("HTTP/1.1 500"));
  EXPECT_THAT(fault, Not(HasSubstr("secret")));
  EXPECT_THAT(testing::internal::GetCapturedStderr(), HasSubstr("error=\"a secret\""));
}

TEST_F(HttpServer, keeps_connections_alive) {
  Connection connection(server_.address());
  for (int i = 0; i < 3; ++i) {
    connection.send("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_THAT(connection.receive_until("hello"), StartsWith("HTTP/1.1 200 OK\r\n"));
  }
  connection.send("GET /hello HTTP/1.1\r\n\r\nGET /hello HTTP/1.0\r\n\r\n");
  const auto both = connection.receive_all();
  EXPECT_NE(both.find("hello"), both.rfind("hello"));
}

TEST_F(HttpServer, refuses_what_is_not_http) {
  for (const std::string bytes :
       {"\r\n\r\nrubbish\r\n\r\n", "GET\r\n\r\n", "GET /hello\r\n\r\n",
        "GET /hello HTTP/9.9\r\n\r\n", "GET /hello HTTP/1.1\r\nno colon\r\n\r\n",
        "\x16\x03\x01\x02 \x01\x01\xfc", "POST /echo HTTP/1.1\r\nContent-Length: x\r\n\r\n"}) {
    EXPECT_THAT(exchange(bytes), StartsWith("HTTP/1.1 400 Bad Request\r\n")) << bytes;
  }
  EXPECT_THAT(exchange(get("http://host/hello")), StartsWith("HTTP/1.1 400"));
  EXPECT_THAT(exchange(get("/%zz")), StartsWith("HTTP/1.1 400"));
}

TEST_F(HttpServer, refuses_what_is_too_large) {
  EXPECT_THAT(exchange("GET /hello HTTP/1.1\r\nX: " + std::string(2000, 'x') + "\r\n\r\n"),
              StartsWith("HTTP/1.1 431"));
  EXPECT_THAT(exchange("POST /echo HTTP/1.1\r\nContent-Length: 2000\r\n\r\n"),
              StartsWith("HTTP/1.1 413"));
  EXPECT_THAT(exchange("POST /echo HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n800\r\n" +
                       std::string(2048, 'x') + "\r\n0\r\n\r\n"),
              StartsWith("HTTP/1.1 413"));
}

TEST_F(HttpServer, survives_clients_that_leave_in_the_middle) {
  for (const std::string bytes : {"", "GET", "GET /hello HTTP/1.1\r\n",
                                  "POST /echo HTTP/1.1\r\nContent-Length: 10\r\n\r\nbo"}) {
    Connection connection(server_.address());
    connection.send(bytes);
    connection.end_sending();
    EXPECT_EQ(connection.receive_all(), "") << bytes;
  }
  EXPECT_THAT(exchange(get("/hello")), EndsWith("hello"));
}

TEST_F(HttpServer, drops_clients_that_are_idle_or_slow_to_send) {
  Connection idle(server_.address());
  Connection slow(server_.address());
  slow.send("GET /hel");
  EXPECT_EQ(slow.receive_all(), "");
  EXPECT_EQ(idle.receive_all(), "");
}

TEST_F(HttpServer, drops_clients_that_send_a_byte_now_and_then) {
  Connection connection(server_.address());
  // Each byte comes long before a client that sends none would be dropped.
  const auto dropped = [&] {
    std::this_thread::sleep_for(20ms);
    try {
      connection.send("G");
      return false;
    } catch (const boost::system::system_error&) {
      return true;
    }
  };
  EXPECT_TRUE(eventually(dropped));
}

TEST_F(HttpServer, drops_clients_that_do_not_take_the_response) {
  // There is a place for one client: when another one gets it, the lazy one has been dropped.
  Limits one_client = limits_;
  one_client.connections = 1;
  const Server server(Address{"127.0.0.1", 0}, test_routes(), one_client);
  Connection lazy(server.address());
  lazy.send(get("/large"));
  EXPECT_TRUE(eventually([&] { return is_served(server); }));
  EXPECT_LT(lazy.receive_all().size(), std::size_t{8} << 20);
}

TEST_F(HttpServer, sends_large_responses_whole) {
  EXPECT_THAT(exchange(get("/large")).size(), testing::Gt(std::size_t{8} << 20));
}

TEST_F(HttpServer, limits_connections) {
  const Server server(Address{"127.0.0.1", 0}, test_routes(), patient_);
  std::vector<std::unique_ptr<Connection>> connections;
  for (std::size_t i = 0; i < patient_.connections; ++i) {
    connections.push_back(std::make_unique<Connection>(server.address()));
    connections.back()->send("GET /hello HTTP/1.1\r\n\r\n");
    connections.back()->receive_until("hello");
  }
  Connection one_more(server.address());
  EXPECT_EQ(one_more.receive_all(), "");
  EXPECT_FALSE(is_served(server));
  connections.pop_back();
  EXPECT_TRUE(eventually([&] { return is_served(server); }));
}

TEST_F(HttpServer, names_an_address_that_is_taken) {
  try {
    const Server second(server_.address(), test_routes());
    FAIL() << "it listens on a port in use";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Code::unavailable);
    EXPECT_EQ(error.what(), "cannot listen on 127.0.0.1:" + std::to_string(server_.address().port) +
                                ": Address already in use");
  }
  EXPECT_THROW(Server(Address{"no.such.host.invalid", 0}, test_routes()), Error);
  EXPECT_THROW(Server(Address{"192.0.2.1", 0}, test_routes()), Error);
}

TEST_F(HttpServer, stops_without_waiting_for_clients_and_frees_the_port) {
  Server server(Address{"127.0.0.1", 0}, test_routes(), patient_);
  Connection idle(server.address());
  Connection sending(server.address());
  sending.send("GET /hel");
  idle.send("GET /hello HTTP/1.1\r\n\r\n");
  idle.receive_until("hello");
  server.stop();
  EXPECT_EQ(idle.receive_all(), "");
  EXPECT_EQ(sending.receive_all(), "");
  EXPECT_THROW(Connection(server.address()), boost::system::system_error);
  server.stop();
  const Server again(server.address(), test_routes());
}

TEST(HttpServerStop, finishes_the_response_that_is_under_way) {
  std::promise<void> entered;
  Routes routes;
  routes.add("GET", "/slow", [&](const Request&) {
    entered.set_value();
    std::this_thread::sleep_for(100ms);
    return Response{.body = "done"};
  });
  Server server(Address{"127.0.0.1", 0}, std::move(routes));
  Connection connection(server.address());
  connection.send("GET /slow HTTP/1.1\r\n\r\n");
  entered.get_future().wait();
  server.stop();
  EXPECT_THAT(connection.receive_all(), EndsWith("done"));
}

class AdminSocket : public testing::Test {
 protected:
  void SetUp() override { std::filesystem::create_directories(directory_); }
  void TearDown() override { std::filesystem::remove_all(directory_); }

  // The answer of a server that must be there.
  static Response answer(const std::filesystem::path& path, const std::string& method,
                         const std::string& target) {
    return send(path, method, target).value_or(Response{.status = 0});
  }

  std::filesystem::path directory_ =
      std::filesystem::temp_directory_path() / ("http_test." + std::to_string(::getpid()));
  std::filesystem::path path_ = directory_ / "admin.sock";
};

TEST_F(AdminSocket, carries_requests) {
  const Server server(path_, test_routes());
  const auto response = answer(path_, "GET", "/query?key=" + query_value("/a b&c=d%?ü"));
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, "/a b&c=d%?ü");
  EXPECT_EQ(answer(path_, "POST", "/nothing").status, 404);
}

TEST_F(AdminSocket, is_for_its_owner_alone) {
  const auto mask = ::umask(0);
  const Server server(path_, test_routes());
  ::umask(mask);
  struct stat status{};
  ASSERT_EQ(::stat(path_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
}

TEST_F(AdminSocket, is_gone_when_the_server_stops) {
  Server(path_, test_routes()).stop();
  EXPECT_FALSE(std::filesystem::exists(path_));
  EXPECT_FALSE(send(path_, "GET", "/hello"));
}

TEST_F(AdminSocket, replaces_what_a_crash_left_over) {
  {
    asio::io_context context;
    const asio::local::stream_protocol::acceptor crashed(context, path_.native());
  }
  ASSERT_TRUE(std::filesystem::exists(path_));
  EXPECT_FALSE(send(path_, "GET", "/hello"));
  const Server server(path_, test_routes());
  EXPECT_EQ(answer(path_, "GET", "/hello").body, "hello");
}

TEST_F(AdminSocket, replaces_nothing_but_sockets) {
  std::ofstream(path_) << "data";
  EXPECT_THROW(Server(path_, test_routes()), Error);
  EXPECT_EQ(std::filesystem::file_size(path_), 4U);
}

TEST_F(AdminSocket, may_have_a_long_path) {
  const auto deep = directory_ / std::string(100, 'd') / std::string(100, 'e');
  std::filesystem::create_directories(deep);
  const Server server(deep / "admin.sock", test_routes());
  EXPECT_EQ(answer(deep / "admin.sock", "GET", "/hello").body, "hello");
}

TEST(Problem, gives_its_detail_back) {
  EXPECT_EQ(detail_of(problem(409, "the \"target\" exists")), "the \"target\" exists");
  for (const std::string body : {"", "plain text", "[]", "{}", R"({"detail": 1})"}) {
    EXPECT_EQ(detail_of(Response{.status = 500, .body = body}), body);
  }
}

TEST(OperationsRoutes, tell_metrics_health_and_readiness) {
  Readiness readiness{false, "the store is being opened"};
  const auto routes =
      operations_routes([] { return "# all metrics\n"; }, [&] { return readiness; });
  const auto get = [&](std::string path) {
    return routes.handle({"GET", std::move(path), {}, {}});
  };

  EXPECT_EQ(get("/healthz").status, 200);
  EXPECT_EQ(get("/metrics").body, "# all metrics\n");
  EXPECT_EQ(get("/metrics").content_type, "text/plain; version=0.0.4; charset=utf-8");
  EXPECT_EQ(get("/readyz").status, 503);
  EXPECT_EQ(get("/readyz").body, "the store is being opened\n");
  readiness = {true, "serving"};
  EXPECT_EQ(get("/readyz").status, 200);
  EXPECT_EQ(get("/readyz").body, "serving\n");
}

}  // namespace
}  // namespace killrvideo::http
