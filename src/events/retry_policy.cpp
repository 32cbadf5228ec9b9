#include "events/retry_policy.hpp"

#include <algorithm>

#include "common/expects.hpp"
#include "events/handlers.hpp"

namespace killrvideo {
namespace {

constexpr unsigned most_doublings = 20;

}  // namespace

FailureKind failure_kind(const std::exception& error) {
  if (dynamic_cast<const RowNotVisible*>(&error) != nullptr) return FailureKind::row_not_visible;
  const auto* known = dynamic_cast<const Error*>(&error);
  if (known == nullptr) return FailureKind::handlers_fault;
  switch (known->code()) {
    case Code::invalid_argument:
      return FailureKind::permanent;
    case Code::unavailable:
    case Code::deadline_exceeded:
    case Code::resource_exhausted:
      return FailureKind::outage;
    default:
      return FailureKind::handlers_fault;
  }
}

void FailedTry::add(FailureKind kind, bool others_pass) {
  blames_event |= kind != FailureKind::outage;
  permanent |= kind == FailureKind::permanent;
  if (kind == FailureKind::row_not_visible) return;
  only_rows_not_visible = false;
  counts |= kind != FailureKind::outage || others_pass;
}

RetryPolicy::Next RetryPolicy::after(const FailedTry& failed, unsigned counted_tries,
                                     bool failures_fill_memory) const {
  if (failed.permanent) return Next::dead_letter;
  if (tries > 0) {
    if (failed.blames_event && failures_fill_memory) return Next::dead_letter;
    if (counted_tries >= tries) return Next::dead_letter;
  }
  return failed.only_rows_not_visible ? Next::postpone : Next::retry;
}

std::chrono::milliseconds RetryPolicy::pause(unsigned tries_so_far) const {
  expects(tries_so_far > 0, "there is a pause only after a try");
  return std::min(longest_pause, first_pause * (1 << std::min(tries_so_far - 1, most_doublings)));
}

}  // namespace killrvideo
