// Sessions with Cassandra that have no servers to talk to.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <boost/asio/ip/tcp.hpp>
#include <future>

#include "storage/cassandra/calls.hpp"

namespace killrvideo::storage::cassandra {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::IsEmpty;

// Where nobody listens.
SessionOptions nowhere() { return {.contact_points = {{"127.0.0.1", 1}}}; }

TEST(CassandraSessionWithoutServers, says_what_it_waits_for) {
  const auto waiting = open(nowhere());
  EXPECT_THAT(waiting->problem(), HasSubstr("127.0.0.1:1"));
  const auto error = failure([&] { run(waiting->connected(In(300ms))); });
  ASSERT_TRUE(error);
  EXPECT_EQ(error->code(), Code::unavailable);
  EXPECT_EQ(error->failure(), Failure::not_connected);
  EXPECT_THAT(error->what(), HasSubstr("refused"));
  EXPECT_THAT(waiting->nodes(), IsEmpty());
}

TEST(CassandraSessionWithoutServers, refuses_calls_at_once) {
  const auto waiting = open(nowhere());
  const auto error = failure([&] { run(waiting->query(Context{}, "SELECT 1", CallOptions{})); });
  ASSERT_TRUE(error);
  EXPECT_EQ(error->failure(), Failure::not_connected);
  EXPECT_FALSE(error->outcome_unknown());
}

// The failure of a call that is under way.
struct Pending {
  std::promise<Failure> promise;

  auto done() {
    return [this](const std::exception_ptr& error) {
      try {
        std::rethrow_exception(error);
      } catch (const SessionError& e) {
        promise.set_value(e.failure());
      }
    };
  }
};

TEST(CassandraSessionWithoutServers, stops_waiting_when_it_is_closed) {
  auto waiting = open(nowhere());
  const Context context;
  Pending pending;
  start(waiting->connected(context), pending.done());
  waiting.reset();
  EXPECT_EQ(pending.promise.get_future().get(), Failure::cancelled);
}

TEST(CassandraSessionWithoutServers, stops_waiting_for_servers_that_do_not_answer) {
  asio::io_context context;
  const asio::ip::tcp::acceptor mute(context, {asio::ip::address_v4::loopback(), 0});
  const auto waiting = open({.contact_points = {{"127.0.0.1", mute.local_endpoint().port()}}});
  const auto error = failure([&] { run(waiting->connected(In(300ms))); });
  ASSERT_TRUE(error);
  EXPECT_EQ(error->code(), Code::unavailable);
  EXPECT_EQ(error->failure(), Failure::not_connected);
}

// Asks again and again until the session has ended, in whose threads it goes on.
Task<void> ask_until_the_end(Session& session, const Context& context) {
  for (std::optional<Failure> failed; failed != Failure::cancelled;) {
    try {
      co_await session.query(context, "SELECT 1", CallOptions{});
    } catch (const SessionError& error) {
      failed = error.failure();
    }
  }
}

TEST(CassandraSessionWithoutServers, may_be_closed_while_calls_go_on_to_others) {
  const Context context;
  for (int i = 0; i < 50; ++i) {
    auto closing = open(nowhere());
    constexpr int calls = 16;
    std::atomic<int> ended{0};
    for (int call = 0; call < calls; ++call)
      start(ask_until_the_end(*closing, context), [&](const std::exception_ptr&) { ++ended; });
    closing.reset();
    EXPECT_EQ(ended, calls);
  }
}

TEST(CassandraSessionWithoutServers, has_a_limit_of_calls_in_flight) {
  auto options = nowhere();
  options.max_in_flight = 1;
  auto waiting = open(options);
  const Context context;
  Pending pending;
  start(waiting->connected(context), pending.done());
  const auto error = failure([&] { run(waiting->connected(context)); });
  ASSERT_TRUE(error);
  EXPECT_EQ(error->code(), Code::resource_exhausted);
  EXPECT_FALSE(error->outcome_unknown());
  waiting.reset();
}

TEST(CassandraSessionWithoutServers, refuses_files_that_are_no_certificates) {
  auto options = nowhere();
  options.tls = {.enabled = true, .ca = "/dev/null"};
  try {
    open(options);
    FAIL() << "it was taken";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Code::invalid_argument);
    EXPECT_THAT(error.what(), HasSubstr("cassandra-tls-ca: /dev/null"));
  }
}

}  // namespace
}  // namespace killrvideo::storage::cassandra
