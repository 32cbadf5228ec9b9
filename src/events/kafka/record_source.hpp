// Records of Kafka as a source of deliveries. It knows which records have been handled and produces
// dead letters to a topic.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <unordered_map>

#include "common/expects.hpp"
#include "events/deliveries.hpp"
#include "events/kafka/producer.hpp"

namespace killrvideo::kafka {

/// How far a partition's records have been handled. Records are not handled in their order.
class Offsets {
 public:
  /// Call when a record was taken. REQUIRES: offsets ascend.
  void take(std::int64_t offset) {
    expects(!next_ || offset >= *next_, "offsets ascend");
    pending_.insert(offset);
    next_ = offset + 1;
  }

  /// Call when a record that was taken has been handled.
  void settle(std::int64_t offset) { pending_.erase(offset); }

  /// Everything before this offset has been handled; nothing if no record was ever taken.
  std::optional<std::int64_t> position() const {
    return pending_.empty() ? next_ : std::optional(*pending_.begin());
  }

 private:
  std::set<std::int64_t> pending_;
  std::optional<std::int64_t> next_;
};

/// May be used from any thread.
class RecordSource final : public EventSource {
 public:
  using Partition = std::pair<std::string, std::int32_t>;  ///< topic and number

  /// Dead letters go to `dead_letter_topic`. What is given outlives this.
  RecordSource(std::string group, std::string dead_letter_topic, Producer& producer,
               Metrics& metrics)
      : group_(std::move(group)),
        dead_letter_topic_(std::move(dead_letter_topic)),
        producer_(producer),
        metrics_(metrics) {}

  /// Reads the event of a record; from now on the record counts as not handled.
  OutboxEvent take(const rd_kafka_message_t& message);

  /// For each partition with records taken: the offset before which all are handled.
  std::map<Partition, std::int64_t> positions() const;

  Task<void> acknowledge(const Context& context, std::span<const Receipt> delivered) override;
  Task<void> move_to_dead_letters(const Context& context, const DeadLetter& dead,
                                  const Receipt& event) override;

 private:
  struct Taken {
    Partition partition;
    std::int64_t offset = 0;
    std::string key;
    Headers headers;
  };

  void settle(const TimeUuid& event);

  const std::string group_;
  const std::string dead_letter_topic_;
  Producer& producer_;
  Metrics& metrics_;
  mutable std::mutex mutex_;
  std::unordered_map<TimeUuid, Taken, UuidHash> taken_;
  std::map<Partition, Offsets> offsets_;
  std::uint64_t ids_ = 0;
};

}  // namespace killrvideo::kafka
