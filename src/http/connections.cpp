#include "http/connections.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/beast/core/error.hpp>
#include <map>
#include <thread>

#include "http/connection.hpp"

namespace killrvideo::http {
namespace {

using std::chrono::steady_clock;

constexpr std::size_t most_idle = 64;

}  // namespace

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
  try {
    for (;;) {
      auto connection = loop.take(name);
      const bool kept = connection && connection->was_used();
      if (!connection) {
        connection = std::make_unique<Connection>(loop.io.get_executor(), loop.tls);
        co_await connection->open(endpoint, until);
      }
      try {
        auto response = co_await connection->exchange(call, true, until);
        if (connection->may_be_kept()) loop.keep(name, std::move(connection));
        co_return response;
      } catch (const boost::system::system_error&) {
        // The server may have closed it while nobody looked.
        if (!kept || steady_clock::now() >= until) throw;
      }
    }
  } catch (const boost::system::system_error& error) {
    const bool late = error.code() == boost::beast::error::timeout;
    throw Error(Code::unavailable,
                name + ": " + (late ? std::string("no answer in time") : error.code().message()));
  }
}

}  // namespace killrvideo::http
