// CQL's types and their binary format, for each C++ type that a column can have.
//
// The formats are those of CQL's native protocol, version 4, section 6. Both engines store these
// bytes, so this file is the only codec.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "common/uuid.hpp"
#include "storage/values.hpp"

namespace killrvideo::storage {

enum class Type : std::uint8_t {
  uuid,
  timeuuid,
  text,
  blob,
  integer,
  bigint,
  real,  ///< CQL's float
  timestamp,
  date,
  boolean,
  text_set,
  vector,  ///< vector<float, n>; n is in the column
  counter,
};

/// A 64-bit counter: the total in a row that was read, a difference in a row to add.
struct Counter {
  std::int64_t value = 0;
  bool operator==(const Counter&) const = default;
};

/// Binary data.
struct Blob {
  std::string bytes;
  bool operator==(const Blob&) const = default;
};

template <std::uint32_t Dimension>
struct FloatVector {
  std::vector<float> values = std::vector<float>(Dimension);  ///< always Dimension of them
  bool operator==(const FloatVector&) const = default;
};

using TextSet = std::set<std::string>;
using Date = std::chrono::sys_days;

/// Cql<T>: `type`, `dimension`, encode(value, out) and decode(cell) for column type T.
template <class T>
struct Cql;

namespace detail {

inline void expect_size(Cell cell, std::size_t size) {
  if (cell.size() != size)
    throw_corrupt("a value of " + std::to_string(cell.size()) + " bytes instead of " +
                  std::to_string(size));
}

template <class Integer>
Integer integer_of(Cell cell) {
  expect_size(cell, sizeof(Integer));
  return get_big_endian<Integer>(cell.data());
}

template <class Integer, Type CqlType>
struct IntegerCodec {
  static constexpr Type type = CqlType;
  static void encode(Integer value, std::string& out) { put_big_endian(out, value); }
  static Integer decode(Cell cell) { return integer_of<Integer>(cell); }
};

template <class T, Type CqlType>
struct UuidCodec {
  static constexpr Type type = CqlType;
  static void encode(const T& id, std::string& out) { out += id.view(); }
  static T decode(Cell cell) {
    expect_size(cell, sizeof(T));
    return Uuid::from<T>(cell);
  }
};

}  // namespace detail

template <>
struct Cql<Uuid> : detail::UuidCodec<Uuid, Type::uuid> {};
template <>
struct Cql<TimeUuid> : detail::UuidCodec<TimeUuid, Type::timeuuid> {};
template <class Tag>
struct Cql<Id<Tag, Uuid>> : detail::UuidCodec<Id<Tag, Uuid>, Type::uuid> {};
template <class Tag>
struct Cql<Id<Tag, TimeUuid>> : detail::UuidCodec<Id<Tag, TimeUuid>, Type::timeuuid> {};

template <>
struct Cql<std::string> {
  static constexpr Type type = Type::text;
  static void encode(const std::string& text, std::string& out) { out += text; }
  static std::string decode(Cell cell) { return std::string(cell); }
};

template <>
struct Cql<Blob> {
  static constexpr Type type = Type::blob;
  static void encode(const Blob& blob, std::string& out) { out += blob.bytes; }
  static Blob decode(Cell cell) { return {std::string(cell)}; }
};

template <>
struct Cql<std::int32_t> : detail::IntegerCodec<std::int32_t, Type::integer> {};
template <>
struct Cql<std::int64_t> : detail::IntegerCodec<std::int64_t, Type::bigint> {};

template <>
struct Cql<Counter> {
  static constexpr Type type = Type::counter;
  static void encode(Counter counter, std::string& out) { put_big_endian(out, counter.value); }
  static Counter decode(Cell cell) { return {detail::integer_of<std::int64_t>(cell)}; }
};

template <>
struct Cql<float> {
  static constexpr Type type = Type::real;
  static void encode(float value, std::string& out) {
    put_big_endian(out, std::bit_cast<std::uint32_t>(value));
  }
  static float decode(Cell cell) {
    return std::bit_cast<float>(detail::integer_of<std::uint32_t>(cell));
  }
};

template <>
struct Cql<bool> {
  static constexpr Type type = Type::boolean;
  static void encode(bool value, std::string& out) { out.push_back(value ? '\1' : '\0'); }
  static bool decode(Cell cell) {
    detail::expect_size(cell, 1);
    return cell[0] != '\0';
  }
};

template <>
struct Cql<Timestamp> {
  static constexpr Type type = Type::timestamp;
  static void encode(Timestamp time, std::string& out) {
    put_big_endian(out, static_cast<std::int64_t>(time.time_since_epoch().count()));
  }
  static Timestamp decode(Cell cell) {
    return Timestamp{std::chrono::milliseconds{detail::integer_of<std::int64_t>(cell)}};
  }
};

template <>
struct Cql<Date> {
  static constexpr Type type = Type::date;
  // Days as an unsigned number with 1970-01-01 in the middle of the range.
  static constexpr std::uint32_t epoch = 1u << 31;
  static void encode(Date date, std::string& out) {
    put_big_endian(out, epoch + static_cast<std::uint32_t>(date.time_since_epoch().count()));
  }
  static Date decode(Cell cell) {
    auto days = static_cast<std::int32_t>(detail::integer_of<std::uint32_t>(cell) - epoch);
    return Date{std::chrono::days{days}};
  }
};

template <>
struct Cql<TextSet> {
  static constexpr Type type = Type::text_set;
  static void encode(const TextSet& set, std::string& out) {
    put_big_endian(out, static_cast<std::int32_t>(set.size()));
    for (const std::string& element : set) {
      put_big_endian(out, static_cast<std::int32_t>(element.size()));
      out += element;
    }
  }
  static TextSet decode(Cell cell) {
    TextSet set;
    if (cell.size() < sizeof(std::int32_t)) throw_corrupt("a set without its size");
    auto count = get_big_endian<std::int32_t>(cell.data());
    cell.remove_prefix(sizeof count);
    for (std::int32_t i = 0; i < count; ++i) set.emplace(take_value(cell));
    if (count < 0 || !cell.empty()) throw_corrupt("a set of another size than it says");
    return set;
  }
};

template <std::uint32_t Dimension>
struct Cql<FloatVector<Dimension>> {
  static constexpr Type type = Type::vector;
  static constexpr std::uint32_t dimension = Dimension;
  static void encode(const FloatVector<Dimension>& vector, std::string& out) {
    if (vector.values.size() != Dimension)
      throw Error(Code::internal, "a vector of " + std::to_string(vector.values.size()) +
                                      " floats instead of " + std::to_string(Dimension));
    for (float value : vector.values) Cql<float>::encode(value, out);
  }
  static FloatVector<Dimension> decode(Cell cell) {
    detail::expect_size(cell, Dimension * sizeof(float));
    FloatVector<Dimension> vector;
    for (float& value : vector.values) {
      value = Cql<float>::decode(cell.substr(0, sizeof(float)));
      cell.remove_prefix(sizeof(float));
    }
    return vector;
  }
};

/// Appends a column's value; an empty optional is null.
template <class T>
void append_value(Values& values, const T& value) {
  values.append_encoded([&](std::string& out) { Cql<T>::encode(value, out); });
}
template <class T>
void append_value(Values& values, const std::optional<T>& value) {
  value ? append_value(values, *value) : values.append(Cell{});
}

/// Reads a column's value. Null becomes an empty optional or, in a plain member, the type's
/// default: other tools write these tables too and may leave any column null.
template <class T>
void read_value(Cell cell, T& value) {
  value = is_null(cell) ? T{} : Cql<T>::decode(cell);
}
template <class T>
void read_value(Cell cell, std::optional<T>& value) {
  if (is_null(cell)) {
    value.reset();
  } else {
    value = Cql<T>::decode(cell);
  }
}

template <class T>
struct ColumnType {
  using type = T;
};
template <class T>
struct ColumnType<std::optional<T>> {
  using type = T;
};

template <class T>
constexpr std::uint32_t dimension_of = 0;
template <std::uint32_t Dimension>
constexpr std::uint32_t dimension_of<FloatVector<Dimension>> = Dimension;

}  // namespace killrvideo::storage
