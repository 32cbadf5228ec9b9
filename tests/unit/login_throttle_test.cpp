#include "users/login_throttle.hpp"

#include <gtest/gtest.h>

#include <thread>

#include "common/error.hpp"

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
  LoginThrottle throttle({1, 100, 1s});
  EXPECT_TRUE(allowed(throttle, "anna", "peer"));
  EXPECT_FALSE(allowed(throttle, "anna", "peer"));
  std::this_thread::sleep_for(1100ms);
  EXPECT_TRUE(allowed(throttle, "anna", "peer"));
}

}  // namespace
}  // namespace killrvideo
