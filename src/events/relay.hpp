// The relay delivers every event in the outbox.
//
// If the store belongs to this process alone, an event that it commits goes to the deliveries in
// memory, as soon as it is durable. All other events are read from the outbox: those that a crash
// left, and those that memory had no room for. Each reading starts near the end of the last one, so
// that it does not scan events that have been delivered.
//
// If several processes share the store, the holder of the lease "events" delivers for all; when it
// dies, another process takes over. The holder reads all events from the outbox, so that they come
// in the order of their ids; it reads at once when it has committed some itself.
#pragma once

#include <array>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>
#include <vector>

#include "common/periodic.hpp"
#include "common/time_limits.hpp"
#include "events/deliveries.hpp"
#include "storage/lease.hpp"

namespace killrvideo {

/// The outbox as a source of deliveries. The store outlives it.
class OutboxSource final : public EventSource {
 public:
  explicit OutboxSource(storage::Store& store) : store_(store) {}

  Task<void> acknowledge(const Context& context, std::span<const Receipt> delivered) override;
  /// Moves the event to the dead letters, in one batch.
  Task<void> move_to_dead_letters(const Context& context, const DeadLetter& dead,
                                  const Receipt& event) override;

 private:
  storage::Store& store_;
};

class Relay {
 public:
  struct Options {
    Deliveries::Limits limits{};
    bool shared = false;  ///< whether other processes may be using the store
    /// How often all shards are read, also for events that this process did not commit.
    std::chrono::milliseconds reading_interval{15'000};
    /// On a shared store, how often recent minutes are read again for rows that became visible
    /// late.
    std::chrono::milliseconds rescan_interval{15'000};
    /// On a shared store, how long after its last beat another holder of the lease counts as dead.
    std::chrono::milliseconds lease_duration = time_limits::lease_lifetime;
  };

  /// Starts to deliver. The store and the metrics outlive this. REQUIRES: make_outbox_positions()
  /// was called for the store.
  Relay(storage::Store& store, EventHandlers handlers, const Options& options,
        EventMetrics& metrics);
  /// Ends as stop() does.
  ~Relay();

  /// Returns when no handler is running. Events that were not delivered stay in the outbox.
  void stop();

  /// Whether this process delivers now. Any thread.
  bool delivers() const { return may_deliver(); }
  /// The lease of the process that delivers, on a shared store.
  static constexpr const char* lease_name = "events";

 private:
  struct Shard {
    /// deliveries_ has all events so far, and new ones go there at once; else the shard is being
    /// read or must be.
    bool live = false;
    std::vector<OutboxEvent> buffered;  ///< committed while the shard was being read
    /// Time of the oldest event that is neither delivered nor buffered.
    std::optional<Timestamp> gap_since;
    Timestamp from;  ///< where the next reading starts; used by the thread alone
  };

  /// On a shared store a row may become visible long after its event was given its id. So recent
  /// minutes are read again: `every` so often, from `by` before now on.
  struct Rescan {
    Timestamp::duration every, by;
    Timestamp last;
  };

  void written(OutboxEvent event);
  void work(const std::stop_token& stop);
  bool may_deliver() const { return !lease_ || lease_->held(); }
  void start_delivering();
  void find_start_positions();
  void stop_delivering();
  void read_all(const std::stop_token& stop);
  void start_due_rescans();
  bool read(std::int32_t number, const std::stop_token& stop);
  bool hand_over(OutboxEvent event, const std::stop_token& stop);
  bool deliver_or_buffer(OutboxEvent event, Shard& shard);
  void go_live(Shard& shard, Timestamp read_at);
  bool is_live(const Shard& shard);
  bool all_live();
  void save_positions();
  void wait(const std::stop_token& stop);

  storage::Store& store_;
  const EventHandlers handlers_;
  const Options options_;
  EventMetrics& metrics_;
  OutboxSource outbox_;
  const Context context_{};

  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::array<Shard, storage::queue_shards> shards_;
  std::unique_ptr<Deliveries> deliveries_;  // null while another process delivers

  // Used by the thread alone.
  bool started_ = false;                                // find_start_positions() has run
  std::chrono::steady_clock::time_point next_sweep_{};  // the next reading of all shards
  Timestamp positions_saved_{};
  std::vector<Rescan> rescans_;

  std::optional<storage::Lease> lease_;
  std::optional<Periodic> beats_;
  std::jthread thread_;
};

/// Stores where the relay of a new store starts. Must be called before events are written.
Task<void> make_outbox_positions(storage::Store& store, const Context& context);

}  // namespace killrvideo
