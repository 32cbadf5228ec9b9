// Identifiers: 128-bit UUIDs (RFC 4122), time-based UUIDs, and strong types over them.
#pragma once

#include <array>
#include <chrono>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace killrvideo {

/// Milliseconds since 1970, UTC: the precision of CQL's timestamp.
using Timestamp = std::chrono::sys_time<std::chrono::milliseconds>;

struct Uuid {
  std::array<std::uint8_t, 16> bytes{};

  /// Reads the canonical form (8-4-4-4-12 hex digits, any case); nothing else is accepted.
  static std::optional<Uuid> parse(std::string_view text) noexcept;
  /// A random (version 4) UUID from the system's generator.
  static Uuid random();
  /// The id whose view() this is. Throws Error invalid_argument if it has not 16 bytes.
  template <class T = Uuid>
  static T from(std::string_view bytes) {
    T id;
    if (bytes.size() != id.bytes.size()) throw_no_id();
    std::memcpy(id.bytes.data(), bytes.data(), id.bytes.size());
    return id;
  }

  /// The 16 bytes.
  std::string_view view() const noexcept {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }
  /// Compares as UUIDs do in tables (Cassandra's UUIDType): by version, those of version 1 by time,
  /// then by bytes.
  std::array<std::uint8_t, 17> sort_key() const noexcept;

  std::string to_string() const;  ///< Canonical form, lower case.
  int version() const noexcept { return bytes[6] >> 4; }

  bool operator==(const Uuid&) const = default;

 private:
  [[noreturn]] static void throw_no_id();
};

/// A version 1 UUID. Rows ordered by one are ordered by time.
struct TimeUuid : Uuid {
  /// Nothing if `text` is no UUID or not of version 1.
  static std::optional<TimeUuid> parse(std::string_view text) noexcept;
  /// A new UUID. Those of one process are unique and ascend. Any thread.
  static TimeUuid now();
  /// A UUID with the given time; the other 62 bits are those of `low`.
  static TimeUuid at(Timestamp time, std::uint64_t low) noexcept;

  Timestamp timestamp() const noexcept;

  bool operator==(const TimeUuid&) const = default;
};

/// A Uuid that names one kind of thing, so that a VideoId is not a UserId.
template <class Tag, class Base = Uuid>
struct Id : Base {
  Id() = default;
  explicit Id(const Base& uuid) : Base(uuid) {}
  bool operator==(const Id&) const = default;
};

using UserId = Id<struct UserTag>;
using VideoId = Id<struct VideoTag>;
using CommentId = Id<struct CommentTag, TimeUuid>;

/// Hash for the standard containers. It uses all bytes, since clients can choose UUIDs.
struct UuidHash {
  std::size_t operator()(const Uuid& uuid) const noexcept {
    return std::hash<std::string_view>{}(uuid.view());
  }
};

}  // namespace killrvideo
