// The relay: sees to it that every event in the outbox is delivered.
//
// An event that this process commits to a store of its own is handed over in memory, in the moment
// in which it is durable. All others are read from the outbox: what a crash has left, what there
// was no room for. Reading goes on from where it has come to, so that it does not run over what is
// delivered already.
//
// On a store that several processes share, the one that holds the lease "events" delivers for all;
// when it dies, another one takes over. What any of them commits is read, so that it comes in the
// order of its ids; what the holder itself commits, at once.
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
#include "events/deliveries.hpp"
#include "events/outbox_source.hpp"
#include "storage/lease.hpp"

namespace killrvideo {

class Relay {
 public:
  struct Options {
    Deliveries::Limits limits{};
    bool shared = false;  ///< whether other processes may be using the store
    /// How often the outbox is read for what this process has not committed itself.
    std::chrono::milliseconds reading_interval{15'000};
    /// On a shared store, how often rows are looked for that took longer to appear than usual.
    std::chrono::milliseconds rescan_interval{15'000};
    /// On a shared store, how long after its last sign of life another process is taken for dead.
    std::chrono::milliseconds lease_duration{12'000};
  };

  /// Begins to deliver. The store and the metrics outlive this. REQUIRES: the store has had
  /// make_outbox_positions().
  Relay(storage::Store& store, EventHandlers handlers, const Options& options,
        EventMetrics& metrics);
  /// Ends as stop() does.
  ~Relay();

  /// Returns when no handler is at work any more. What was not delivered stays in the outbox.
  void stop();

  /// Whether it is this process that delivers now. Any thread.
  bool delivers() const { return may_deliver(); }
  /// What the one that delivers holds on a shared store.
  static constexpr const char* lease_name = "events";

 private:
  struct Shard {
    /// Everything so far is in deliveries_, and what comes goes there at once; else the shard is
    /// being read or has to be.
    bool following = false;
    std::vector<OutboxEvent> held;    ///< came while the shard was being read
    std::optional<Timestamp> missed;  ///< when the oldest that came and is neither was written
    Timestamp from;                   ///< where the next reading begins; used by the thread alone
  };

  /// On a shared store rows may appear long after their event was given its id. So every now and
  /// then what was written lately is read once more.
  struct LookBack {
    Timestamp::duration every, by;
    Timestamp last;
  };

  void written(OutboxEvent event);
  void work(const std::stop_token& stop);
  bool may_deliver() const { return !lease_ || lease_->held(); }
  void begin();
  void find_beginnings();
  std::array<Timestamp, outbox_shards> remembered_positions();
  std::array<Timestamp, outbox_shards> oldest_events();
  void end();
  void read_all(const std::stop_token& stop);
  void look_back_at_times();
  bool read(std::int32_t number, const std::stop_token& stop);
  bool read_minutes(std::int32_t shard, std::int32_t first, std::size_t count, Timestamp from,
                    const std::stop_token& stop);
  bool hand_over(OutboxEvent event, const std::stop_token& stop);
  bool take_up(OutboxEvent event, Shard& shard);
  void follow(Shard& shard, Timestamp read_at);
  bool is_following(const Shard& shard);
  bool all_follow();
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
  std::array<Shard, outbox_shards> shards_;
  std::unique_ptr<Deliveries> deliveries_;  // none while another process delivers

  // Used by the thread alone.
  bool begun_ = false;                                  // it is known where reading begins
  std::chrono::steady_clock::time_point next_sweep_{};  // when all shards are read
  Timestamp positions_saved_{};
  std::vector<LookBack> look_backs_;

  std::optional<storage::Lease> lease_;
  std::optional<Periodic> beats_;
  std::jthread thread_;
};

/// Says of a store that has never had a relay where one is to begin. To be called before events are
/// written.
Task<void> make_outbox_positions(storage::Store& store, const Context& context);

}  // namespace killrvideo
