#include "storage/lease.hpp"

#include "common/log.hpp"
#include "common/time_limits.hpp"

namespace killrvideo::storage {

Lease::Lease(Store& store, std::string name, std::chrono::milliseconds duration,
             std::function<Clock::time_point()> clock)
    : store_(store), name_(std::move(name)), duration_(duration), clock_(std::move(clock)) {}

bool Lease::held() const { return clock_() < held_until_.load(); }

bool Lease::beat() {
  try {
    return try_to_beat() && held();
  } catch (const std::exception& error) {
    log::warn("cannot renew a lease", {{"lease", name_}, {"error", error.what()}});
    return held();
  }
}

// The row that is read decides, even after a write with an unknown outcome.
bool Lease::try_to_beat() {
  const auto since = clock_();
  const auto row = run(store_.get(context_, leases, {name_}));
  if (row && row->holder != me_ && !is_free(*row)) {
    held_until_ = Clock::time_point::min();
    return false;
  }
  const LeaseRow mine{name_, me_, Uuid::random()};
  const bool written =
      row ? run(store_.compare_and_set<&LeaseRow::beat>(context_, leases, mine, row->beat))
          : !run(store_.insert_if_absent(context_, leases, mine));
  held_until_ = written ? since + time_limits::safe_part(duration_) : Clock::time_point::min();
  return written;
}

bool Lease::is_free(const LeaseRow& row) {
  if (row.holder == Uuid{}) return true;
  if (seen_ != row.beat) {
    seen_ = row.beat;
    seen_at_ = clock_();
  }
  return clock_() - seen_at_ > duration_;
}

void Lease::release() {
  if (!held()) return;
  held_until_ = Clock::time_point::min();
  try {
    const auto row = run(store_.get(context_, leases, {name_}));
    if (!row || row->holder != me_) return;
    const LeaseRow free{name_, Uuid{}, Uuid::random()};
    run(store_.compare_and_set<&LeaseRow::beat>(context_, leases, free, row->beat));
  } catch (const std::exception& error) {
    log::warn("cannot release a lease", {{"lease", name_}, {"error", error.what()}});
  }
}

}  // namespace killrvideo::storage
