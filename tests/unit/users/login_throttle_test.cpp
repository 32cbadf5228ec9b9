#include "users/login_throttle.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <optional>

#include "common/error.hpp"
#include "storage/forwarding_engine.hpp"
#include "storage/temporary_store.hpp"
#include "users/users.hpp"

namespace killrvideo {
namespace {

using namespace std::chrono_literals;

bool allowed(LoginThrottle& throttle, const std::string& account, const std::string& peer) {
  try {
    throttle.attempt(account, peer);
    return true;
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Code::resource_exhausted);
    return false;
  }
}

TEST(LoginThrottle, LimitsAnAccountWhoeverTries) {
  LoginThrottle throttle({2, 100, 60s});
  EXPECT_TRUE(allowed(throttle, "anna", "peer 1"));
  EXPECT_TRUE(allowed(throttle, "anna", "peer 2"));
  EXPECT_FALSE(allowed(throttle, "anna", "peer 3"));
  EXPECT_TRUE(allowed(throttle, "bert", "peer 3"));
}

TEST(LoginThrottle, LimitsAPeerWhateverItTries) {
  LoginThrottle throttle({100, 2, 60s});
  EXPECT_TRUE(allowed(throttle, "anna", "peer"));
  EXPECT_TRUE(allowed(throttle, "bert", "peer"));
  EXPECT_FALSE(allowed(throttle, "carl", "peer"));
  EXPECT_TRUE(allowed(throttle, "carl", "another"));
}

TEST(LoginThrottle, SuccessClearsTheAccountAndIsNotHeldAgainstThePeer) {
  LoginThrottle throttle({2, 2, 60s});
  for (int i = 0; i < 10; ++i) {
    EXPECT_TRUE(allowed(throttle, "anna", "peer"));
    throttle.succeeded("anna", "peer");
  }
}

TEST(LoginThrottle, SuccessDoesNotClearThePeersFailures) {
  LoginThrottle throttle({100, 2, 60s});
  EXPECT_TRUE(allowed(throttle, "anna", "peer"));
  EXPECT_TRUE(allowed(throttle, "mine", "peer"));
  throttle.succeeded("mine", "peer");
  EXPECT_TRUE(allowed(throttle, "bert", "peer"));
  EXPECT_FALSE(allowed(throttle, "carl", "peer"));
}

TEST(LoginThrottle, ForgetsAfterTheWindow) {
  LoginThrottle::Clock::time_point time{};
  LoginThrottle throttle({1, 100, 60s}, [&] { return time; });
  EXPECT_TRUE(allowed(throttle, "anna", "peer"));
  time += 59s;
  EXPECT_FALSE(allowed(throttle, "anna", "peer"));
  time += 1s;
  EXPECT_TRUE(allowed(throttle, "anna", "peer"));
}

TEST(LoginThrottle, WhatIsWithdrawnIsNotHeldAgainstAnyone) {
  LoginThrottle throttle({2, 2, 60s});
  EXPECT_TRUE(allowed(throttle, "anna", "peer"));
  for (int i = 0; i < 10; ++i) {
    EXPECT_TRUE(allowed(throttle, "anna", "peer"));
    throttle.withdrawn("anna", "peer");
  }
  // The failure before still is.
  EXPECT_TRUE(allowed(throttle, "anna", "peer"));
  EXPECT_FALSE(allowed(throttle, "anna", "peer"));
}

/// Users of a store that can be made to fail, with a password of theirs.
class Logins : public ::testing::Test {
 protected:
  Logins() {
    auto forwarding = std::make_unique<storage::ForwardingEngine>(storage_->engine());
    engine_ = forwarding.get();
    store_ = std::make_unique<storage::Store>(std::move(forwarding));
    users_ = std::make_unique<Users>(*store_, passwords_, LoginLimits{2, 2, 60s});
    run(users_->create({}, {UserId(Uuid::random()), "Anna", "A", "anna@example.org", "right"}));
  }

  std::optional<Code> error_of_login(const std::string& password, const Context& context = {}) {
    try {
      run(users_->verify(context, "anna@example.org", password));
      return std::nullopt;
    } catch (const Error& error) {
      return error.code();
    }
  }

  storage::TemporaryStore storage_;
  storage::ForwardingEngine* engine_ = nullptr;
  std::unique_ptr<storage::Store> store_;
  Passwords passwords_{1, 10};
  std::unique_ptr<Users> users_;
};

TEST_F(Logins, AreNotClosedByAStoreThatFails) {
  engine_->on_get([](const storage::TableInfo&, std::size_t) {
    throw Error(Code::unavailable, "the store is away");
  });
  for (int i = 0; i < 5; ++i) EXPECT_EQ(error_of_login("right"), Code::unavailable);
  engine_->on_get(nullptr);
  EXPECT_EQ(error_of_login("right"), std::nullopt);
}

TEST_F(Logins, AreNotClosedByDeadlinesThatHavePassed) {
  const Context late(1, std::chrono::system_clock::now() - 1s);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(error_of_login("right", late), Code::deadline_exceeded);
  EXPECT_EQ(error_of_login("right"), std::nullopt);
}

TEST_F(Logins, AreClosedByWrongPasswords) {
  for (int i = 0; i < 2; ++i) EXPECT_EQ(error_of_login("wrong"), Code::unauthenticated);
  EXPECT_EQ(error_of_login("right"), Code::resource_exhausted);
}

}  // namespace
}  // namespace killrvideo
