// What happens to an event after a failed try: the table of docs/operations.md.
#include "events/retry_policy.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

#include "events/handlers.hpp"

namespace killrvideo {
namespace {

using namespace std::chrono_literals;
using Next = RetryPolicy::Next;
using enum FailureKind;

struct KindOfError {
  std::string name;
  std::shared_ptr<const std::exception> error;
  FailureKind kind;
};

KindOfError coded(std::string name, Code code, FailureKind kind) {
  return {std::move(name), std::make_shared<Error>(code, "why"), kind};
}

class FailureKinds : public ::testing::TestWithParam<KindOfError> {};

TEST_P(FailureKinds, follow_from_the_error) {
  EXPECT_EQ(failure_kind(*GetParam().error), GetParam().kind);
}

INSTANTIATE_TEST_SUITE_P(
    Errors, FailureKinds,
    testing::Values(
        KindOfError{"RowNotVisible", std::make_shared<RowNotVisible>("a row"), row_not_visible},
        coded("NotFound", Code::not_found, handlers_fault),
        coded("InvalidArgument", Code::invalid_argument, permanent),
        coded("Unavailable", Code::unavailable, outage),
        coded("DeadlineExceeded", Code::deadline_exceeded, outage),
        coded("ResourceExhausted", Code::resource_exhausted, outage),
        coded("Aborted", Code::aborted, handlers_fault),
        coded("AlreadyExists", Code::already_exists, handlers_fault),
        coded("FailedPrecondition", Code::failed_precondition, handlers_fault),
        coded("Internal", Code::internal, handlers_fault),
        KindOfError{"OtherException", std::make_shared<std::runtime_error>("why"), handlers_fault}),
    [](const auto& info) { return info.param.name; });

struct Failures {
  std::string name;
  std::vector<FailureKind> kinds;  ///< of the handlers that failed
  bool others_pass;
  bool counts;
  Next before_limit, at_limit;  ///< by the number of tries that count
  Next full;                    ///< before the limit, when failures fill memory
  Next unlimited;               ///< at the number of tries, without a limit, in a full memory
};

class RetryPolicies : public ::testing::TestWithParam<Failures> {};

TEST_P(RetryPolicies, decide_by_the_failures_alone) {
  const Failures& failures = GetParam();
  FailedTry failed;
  for (const FailureKind kind : failures.kinds) failed.add(kind, failures.others_pass);
  constexpr RetryPolicy limited{.tries = 3}, unlimited{.tries = 0};
  EXPECT_EQ(failed.counts, failures.counts);
  EXPECT_EQ(limited.after(failed, 2, false), failures.before_limit);
  EXPECT_EQ(limited.after(failed, 3, false), failures.at_limit);
  EXPECT_EQ(limited.after(failed, 2, true), failures.full);
  EXPECT_EQ(unlimited.after(failed, 3, true), failures.unlimited);
}

constexpr auto retry = Next::retry, postpone = Next::postpone, dead = Next::dead_letter;

INSTANTIATE_TEST_SUITE_P(
    Tries, RetryPolicies,
    testing::Values(
        // In the order of the members: the name, the failures, …
        Failures{"RowNotVisible", {row_not_visible}, true, false, postpone, dead, dead, postpone},
        Failures{"Outage", {outage}, false, false, retry, dead, retry, retry},
        Failures{"OutageOfOne", {outage}, true, true, retry, dead, retry, retry},
        Failures{"HandlersFault", {handlers_fault}, false, true, retry, dead, dead, retry},
        Failures{"Permanent", {permanent}, false, true, dead, dead, dead, dead},
        Failures{"RowAndOutage", {row_not_visible, outage}, false, false, retry, dead, dead, retry},
        Failures{"OutageAndFault", {outage, handlers_fault}, false, true, retry, dead, dead, retry},
        Failures{
            "FaultAndPermanent", {handlers_fault, permanent}, false, true, dead, dead, dead, dead}),
    [](const auto& info) { return info.param.name; });

TEST(RetryPolicy, doubles_its_pause_up_to_the_longest) {
  constexpr RetryPolicy policy{.first_pause = 100ms, .longest_pause = 1s};
  EXPECT_EQ(policy.pause(1), 100ms);
  EXPECT_EQ(policy.pause(2), 200ms);
  EXPECT_EQ(policy.pause(4), 800ms);
  EXPECT_EQ(policy.pause(5), 1s);
  EXPECT_EQ(policy.pause(1'000'000), 1s);
  EXPECT_THROW(policy.pause(0), Error);
}

}  // namespace
}  // namespace killrvideo
