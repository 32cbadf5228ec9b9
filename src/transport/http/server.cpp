#include "transport/http/server.hpp"

#include <sys/stat.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <set>
#include <thread>

#include "common/log.hpp"
#include "http/unix_socket.hpp"
#include "transport/http/session.hpp"

namespace killrvideo::http {
namespace {

namespace asio = boost::asio;

using asio::ip::tcp;
using boost::system::error_code;
using boost::system::system_error;
using Acceptor = asio::basic_socket_acceptor<asio::generic::stream_protocol>;

[[noreturn]] void cannot_listen(const std::string& where, const system_error& error) {
  throw Error(Code::unavailable, "cannot listen on " + where + ": " + error.code().message());
}

void listen_on(Acceptor& acceptor, const Address& address) {
  tcp::resolver resolver(acceptor.get_executor());
  const auto found = resolver.resolve(address.host, std::to_string(address.port),
                                      tcp::resolver::passive | tcp::resolver::numeric_service);
  const auto endpoint = found.begin()->endpoint();
  acceptor.open(endpoint.protocol());
  acceptor.set_option(asio::socket_base::reuse_address(true));
  acceptor.bind(endpoint);
  acceptor.listen();
}

std::uint16_t port_of(const Acceptor& acceptor) {
  tcp::endpoint endpoint;
  const auto local = acceptor.local_endpoint();
  std::memcpy(endpoint.data(), local.data(), std::min(endpoint.capacity(), local.size()));
  return endpoint.port();
}

void remove_leftover(const std::filesystem::path& path) {
  std::error_code error;
  if (std::filesystem::is_socket(std::filesystem::symlink_status(path, error))) {
    std::filesystem::remove(path, error);
  }
}

void listen_on(Acceptor& acceptor, const std::filesystem::path& path) {
  remove_leftover(path);
  const UnixEndpoint endpoint(path);
  acceptor.open(endpoint.get().protocol());
  // On Linux the socket's file gets the mode that the socket has when it is bound.
  if (::fchmod(acceptor.native_handle(), S_IRUSR | S_IWUSR) != 0) {
    throw system_error(errno, boost::system::system_category());
  }
  acceptor.bind(endpoint.get());
  acceptor.listen();
}

}  // namespace

class Server::Implementation {
 public:
  Implementation(Routes routes, const Limits& limits)
      : routes_(std::move(routes)), limits_(limits), acceptor_(context_) {}

  ~Implementation() { stop(); }

  void listen(const Address& address) try {
    listen_on(acceptor_, address);
    address_ = {address.host, port_of(acceptor_)};
    start();
  } catch (const system_error& error) {
    cannot_listen(to_string(address), error);
  }

  void listen(const std::filesystem::path& path) try {
    listen_on(acceptor_, path);
    path_ = path;
    start();
  } catch (const system_error& error) {
    cannot_listen(path.native(), error);
  }

  const Address& address() const noexcept { return address_; }

  void stop() {
    if (!thread_.joinable()) return;
    asio::post(context_, [this] { begin_stop(); });
    thread_.join();
    if (!path_.empty()) remove_leftover(path_);
  }

 private:
  void start() {
    asio::co_spawn(context_, accept(), asio::detached);
    thread_ = std::thread([this] { context_.run(); });
  }

  asio::awaitable<void> accept() {
    while (acceptor_.is_open()) {
      error_code error;
      auto socket =
          co_await acceptor_.async_accept(asio::redirect_error(asio::use_awaitable, error));
      if (error == asio::error::operation_aborted) break;
      if (error) {
        co_await pause_after(error);
      } else if (sessions_.size() < limits_.connections) {
        asio::co_spawn(context_, serve(std::move(socket)), asio::detached);
      }
    }
  }

  // Out of descriptors, most likely: accepting again at once would spin.
  asio::awaitable<void> pause_after(error_code error) {
    log::warn("cannot accept an HTTP connection", {{"error", error.message()}});
    asio::steady_timer timer(context_, std::chrono::milliseconds(100));
    co_await timer.async_wait(asio::use_awaitable);
  }

  asio::awaitable<void> serve(Session::Stream::socket_type socket) {
    Session session(std::move(socket), routes_, limits_);
    sessions_.insert(&session);
    if (!acceptor_.is_open()) session.stop();
    co_await session.run();
    sessions_.erase(&session);
  }

  void begin_stop() {
    error_code ignored;
    acceptor_.close(ignored);
    for (auto* session : sessions_) session->stop();
  }

  const Routes routes_;
  const Limits limits_;
  Address address_;
  std::filesystem::path path_;
  std::set<Session*> sessions_;
  asio::io_context context_{1};
  Acceptor acceptor_;
  std::thread thread_;
};

Server::Server(const Address& address, Routes routes, const Limits& limits)
    : implementation_(std::make_unique<Implementation>(std::move(routes), limits)) {
  implementation_->listen(address);
}

Server::Server(const std::filesystem::path& path, Routes routes, const Limits& limits)
    : implementation_(std::make_unique<Implementation>(std::move(routes), limits)) {
  implementation_->listen(path);
}

Server::~Server() = default;

const Address& Server::address() const noexcept { return implementation_->address(); }

void Server::stop() { implementation_->stop(); }

}  // namespace killrvideo::http
