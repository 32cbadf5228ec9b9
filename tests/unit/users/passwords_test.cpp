// Passwords whose callers do not wait for them.
#include "users/passwords.hpp"

#include <gtest/gtest.h>

#include <utility>

namespace killrvideo {
namespace {

class CallerHasGoneAway : public Context {
 public:
  bool cancelled() const override { return true; }
};

template <class Result>
Code code_of(Task<Result> task) {
  try {
    run(std::move(task));
  } catch (const Error& error) {
    return error.code();
  }
  return Code::internal;
}

TEST(Passwords, are_not_hashed_after_the_deadline) {
  Passwords passwords(1, 10);
  const Context late(1, std::chrono::system_clock::now());
  EXPECT_EQ(code_of(passwords.hash(late, "secret")), Code::deadline_exceeded);
  EXPECT_EQ(code_of(passwords.verify(late, "", "secret")), Code::deadline_exceeded);
}

TEST(Passwords, are_not_hashed_for_a_caller_who_has_gone_away) {
  Passwords passwords(1, 10);
  const CallerHasGoneAway gone;
  EXPECT_EQ(code_of(passwords.hash(gone, "secret")), Code::aborted);
  EXPECT_EQ(code_of(passwords.verify(gone, "", "secret")), Code::aborted);
}

TEST(Passwords, are_refused_when_too_many_wait) {
  Passwords passwords(1, 0);
  EXPECT_EQ(code_of(passwords.hash({}, "secret")), Code::resource_exhausted);
}

}  // namespace
}  // namespace killrvideo
