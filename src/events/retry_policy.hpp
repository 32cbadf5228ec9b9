// What happens to an event that handlers failed to take: a function of the failures, without locks
// and clocks. docs/operations.md has its table.
#pragma once

#include <chrono>
#include <cstdint>
#include <exception>

namespace killrvideo {

/// What an error of a handler says about the event.
enum class FailureKind : std::uint8_t {
  row_not_visible,  ///< RowNotVisible: the handler limits the time itself
  outage,           ///< an engine may be unavailable to every event
  handlers_fault,   ///< only this event, or this handler, is to blame
  permanent,        ///< invalid_argument: the event can never be taken
};

FailureKind failure_kind(const std::exception& error);

/// A try in which at least one handler did not take the event.
struct FailedTry {
  bool only_rows_not_visible = true;  ///< no handler failed for another reason
  bool blames_event = false;          ///< a handler failed for another reason than an outage
  bool permanent = false;             ///< a handler can never take the event
  bool counts = false;                ///< toward the limit of tries

  /// Adds the failure of a handler. `others_pass`: it has taken other events since the last try.
  void add(FailureKind kind, bool others_pass);
};

struct RetryPolicy {
  unsigned tries = 10;  ///< that count before an event becomes a dead letter; 0: it never does
  std::chrono::milliseconds first_pause{100};       ///< after the first failed try
  std::chrono::milliseconds longest_pause{10'000};  ///< it doubles with every try up to this

  enum class Next : std::uint8_t {
    retry,        ///< after a pause; the events of its key wait
    postpone,     ///< after a pause; the events of its key do not wait
    dead_letter,  ///< not tried again
  };

  /// `counted_tries` include this one; `failures_fill_memory`: memory is full, and half of it with
  /// events that failed or wait behind such ones.
  Next after(const FailedTry& failed, unsigned counted_tries, bool failures_fill_memory) const;

  /// The pause after so many tries, at least one.
  std::chrono::milliseconds pause(unsigned tries_so_far) const;
};

}  // namespace killrvideo
