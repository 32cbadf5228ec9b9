// A lease: of several processes on one store, one at a time holds it.
//
// Its row has the holder and a beat, which the holder changes again and again. Whoever wants the
// lease and has not seen the beat change for the lease's duration takes it. As every process
// measures that with its own clock, it does not matter what time it is where. A holder that could
// not change the beat for three quarters of that time knows by itself that it has lost the lease.
#pragma once

#include <atomic>
#include <boost/describe.hpp>
#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "storage/store.hpp"

namespace killrvideo::storage {

struct LeaseRow {
  std::string name;
  Uuid holder;  ///< all zeros: nobody
  Uuid beat;
};
BOOST_DESCRIBE_STRUCT(LeaseRow, (), (name, holder, beat))

inline const Table<LeaseRow, Partition<&LeaseRow::name>> leases{"leases"};

class Lease {
 public:
  using Clock = std::chrono::steady_clock;

  /// The lease called `name`, not held yet. A holder that is dead loses it `duration` after another
  /// process has seen its last beat. The store outlives this.
  Lease(Store& store, std::string name, std::chrono::milliseconds duration,
        std::function<Clock::time_point()> clock = Clock::now);

  /// Renews the lease or tries to get it; to be called some times within `duration`, by one thread.
  /// Returns whether it is held. Errors of the store count as not having got it.
  bool beat();

  /// Whether it is held, without asking the store. Any thread.
  bool held() const;

  /// Gives it up, so that another process gets it at once.
  void release();

 private:
  bool try_to_beat();
  bool is_free(const LeaseRow& row);

  Store& store_;
  const std::string name_;
  const std::chrono::milliseconds duration_;
  const std::function<Clock::time_point()> clock_;
  const Uuid me_ = Uuid::random();
  const Context context_{};

  std::atomic<Clock::time_point> held_until_{Clock::time_point::min()};
  // The beat of another holder, and when it was first seen.
  std::optional<Uuid> seen_;
  Clock::time_point seen_at_{};
};

}  // namespace killrvideo::storage
