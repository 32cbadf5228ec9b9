// The outbox as what deliveries are made from.
#pragma once

#include "events/deliveries.hpp"

namespace killrvideo {

class OutboxSource final : public EventSource {
 public:
  /// The store outlives this.
  explicit OutboxSource(storage::Store& store) : store_(store) {}

  Task<void> take_off(const Context& context, std::span<const Place> delivered) override;
  /// Moves the event to the dead letters, in one batch.
  Task<void> bury(const Context& context, const DeadLetter& dead, const Place& event) override;

 private:
  storage::Store& store_;
};

}  // namespace killrvideo
