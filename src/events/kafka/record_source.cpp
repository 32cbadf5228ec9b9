#include "events/kafka/record_source.hpp"

#include "common/clock.hpp"
#include "events/kafka/topics.hpp"

namespace killrvideo::kafka {
namespace {

std::string text_of(const void* bytes, std::size_t size) {
  return bytes ? std::string(static_cast<const char*>(bytes), size) : std::string();
}

Headers headers_of(const rd_kafka_message_t& message) {
  Headers found;
  rd_kafka_headers_t* headers = nullptr;
  if (rd_kafka_message_headers(&message, &headers) != RD_KAFKA_RESP_ERR_NO_ERROR) return found;
  const char* name = nullptr;
  const void* value = nullptr;
  std::size_t size = 0;
  for (std::size_t i = 0;
       rd_kafka_header_get_all(headers, i, &name, &value, &size) == RD_KAFKA_RESP_ERR_NO_ERROR; ++i)
    found.emplace_back(name, text_of(value, size));
  return found;
}

std::string header(const Headers& headers, std::string_view name) {
  const auto found = std::ranges::find(headers, name, &Headers::value_type::first);
  return found == headers.end() ? std::string() : found->second;
}

// When the event was written; records of other producers do not say it.
Timestamp written(const rd_kafka_message_t& message, const Headers& headers) {
  if (const auto event = TimeUuid::parse(header(headers, event_header))) return event->timestamp();
  rd_kafka_timestamp_type_t kind{};
  const auto since_1970 = rd_kafka_message_timestamp(&message, &kind);
  return kind == RD_KAFKA_TIMESTAMP_NOT_AVAILABLE
             ? now()
             : Timestamp(std::chrono::milliseconds(since_1970));
}

// Records whose key is no id form one line for each partition, so they stay in order.
Uuid line_of(const rd_kafka_message_t& message, const std::string& key) {
  if (const auto id = Uuid::parse(key)) return *id;
  Uuid line;
  line.bytes[15] = static_cast<std::uint8_t>(message.partition);
  line.bytes[14] = static_cast<std::uint8_t>(message.partition >> 8);
  return line;
}

}  // namespace

OutboxEvent RecordSource::take(const rd_kafka_message_t& message) {
  Taken taken{{rd_kafka_topic_name(message.rkt), message.partition},
              message.offset,
              text_of(message.key, message.key_len),
              headers_of(message)};
  OutboxEvent event;
  event.key = line_of(message, taken.key);
  event.type = header(taken.headers, type_header);
  if (event.type.empty()) event.type = usual_type_of(taken.partition.first);
  event.payload.bytes = text_of(message.payload, message.len);
  event.trace = header(taken.headers, Trace::header);
  const auto time = written(message, taken.headers);
  const std::lock_guard lock(mutex_);
  // An id that is unique here: the same event may come twice, and each record must be acknowledged.
  event.eventid = TimeUuid::at(time, ++ids_);
  offsets_[taken.partition].take(taken.offset);
  taken_.emplace(event.eventid, std::move(taken));
  return event;
}

std::map<RecordSource::Partition, std::int64_t> RecordSource::positions() const {
  const std::lock_guard lock(mutex_);
  std::map<Partition, std::int64_t> positions;
  for (const auto& [partition, offsets] : offsets_)
    if (const auto position = offsets.position()) positions.emplace(partition, *position);
  return positions;
}

Task<void> RecordSource::acknowledge(const Context&, std::span<const Receipt> delivered) {
  for (const Receipt& receipt : delivered) settle(receipt.event);
  co_return;
}

void RecordSource::settle(const TimeUuid& event) {
  const std::lock_guard lock(mutex_);
  const auto found = taken_.find(event);
  if (found == taken_.end()) return;
  offsets_[found->second.partition].settle(found->second.offset);
  taken_.erase(found);
}

Task<void> RecordSource::move_to_dead_letters(const Context&, const DeadLetter& dead,
                                              const Receipt& event) {
  Record record{dead_letter_topic_, {}, dead.payload.bytes, {}};
  std::string topic;
  {
    const std::lock_guard lock(mutex_);
    const Taken& taken = taken_.at(event.event);
    topic = taken.partition.first;
    record.key = taken.key;
    record.headers = taken.headers;
    record.headers.insert(record.headers.end(),
                          {{"dead-letter-topic", topic},
                           {"dead-letter-partition", std::to_string(taken.partition.second)},
                           {"dead-letter-offset", std::to_string(taken.offset)},
                           {"dead-letter-group", group_},
                           {"dead-letter-handler", dead.handlers},
                           {"dead-letter-tries", std::to_string(dead.tries)},
                           {"dead-letter-error", dead.error}});
  }
  co_await producer_.send(std::move(record));
  settle(event.event);
  metrics_.dead_letters(topic, group_).Increment();
}

}  // namespace killrvideo::kafka
