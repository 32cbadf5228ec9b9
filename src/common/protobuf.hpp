// The common protobuf types of requests, responses and events.
#pragma once

#include <google/protobuf/timestamp.pb.h>

#include <chrono>

#include "common/clock.hpp"
#include "common/common_types.pb.h"
#include "common/error.hpp"
#include "common/uuid.hpp"

namespace killrvideo {

inline constexpr std::int32_t nanos_per_ms = 1'000'000;

inline void write_id(const Uuid& id, common::Uuid* message) { message->set_value(id.to_string()); }

inline void write_id(const TimeUuid& id, common::TimeUuid* message) {
  message->set_value(id.to_string());
}

/// The id in an event. Throws Error invalid_argument if it is not a valid id.
template <class Id>
Id id_in(const common::Uuid& message) {
  if (const auto id = Uuid::parse(message.value())) return Id(*id);
  throw Error(Code::invalid_argument, "an event with an id that is none: " + message.value());
}

/// Writes any stored time, as clamp_time() returns it.
inline void write_timestamp(Timestamp stored, google::protobuf::Timestamp* message) {
  const Timestamp time = clamp_time(stored);
  auto seconds = std::chrono::floor<std::chrono::seconds>(time);
  message->set_seconds(seconds.time_since_epoch().count());
  message->set_nanos(static_cast<std::int32_t>((time - seconds).count()) * nanos_per_ms);
}

}  // namespace killrvideo
