// The outbox as a source of deliveries.
#pragma once

#include "events/deliveries.hpp"

namespace killrvideo {

class OutboxSource final : public EventSource {
 public:
  /// The store outlives this.
  explicit OutboxSource(storage::Store& store) : store_(store) {}

  Task<void> acknowledge(const Context& context, std::span<const Receipt> delivered) override;
  /// Moves the event to the dead letters, in one batch.
  Task<void> move_to_dead_letters(const Context& context, const DeadLetter& dead,
                                  const Receipt& event) override;

 private:
  storage::Store& store_;
};

}  // namespace killrvideo
