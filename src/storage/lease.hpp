// A lease: at most one of the processes that share a store holds it.
//
// Its row has the holder and a beat, which the holder changes periodically. A process that has not
// seen the beat change for the lease's duration takes the lease. Each process measures that time
// with its own steady clock, so clocks need not agree. A holder that could not change the beat for
// three quarters of the duration stops by itself.
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

  /// The lease `name`, not held yet. A dead holder loses it `duration` after another process has
  /// seen its last beat. The store outlives this.
  Lease(Store& store, std::string name, std::chrono::milliseconds duration,
        std::function<Clock::time_point()> clock = Clock::now);

  /// Renews the lease or tries to get it; to be called several times per `duration`, by one thread.
  /// Returns whether it is held. An error of the store counts as a failure to get it.
  bool beat();

  /// Whether it is held; does not ask the store. Any thread.
  bool held() const;

  /// Gives it up, so that another process can get it at once.
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
