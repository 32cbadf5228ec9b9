// The values that the mapper and the engines exchange, in CQL's binary format.
//
// Format of Values (that of bound values and of result rows in CQL's native protocol): for each
// value a 32-bit big-endian length followed by that many bytes; the length -1 stands for null.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "common/error.hpp"

namespace killrvideo::storage {

/// One value's CQL bytes; null when data() is nullptr. Never owns.
using Cell = std::string_view;

inline bool is_null(Cell cell) { return cell.data() == nullptr; }

/// Writes an integer over the first bytes; REQUIRES: there are sizeof(Integer) of them.
template <class Integer>
void set_big_endian(char* bytes, Integer value) {
  if constexpr (std::endian::native == std::endian::little) value = std::byteswap(value);
  std::memcpy(bytes, &value, sizeof value);
}

template <class Integer>
void put_big_endian(std::string& out, Integer value) {
  char bytes[sizeof value];
  set_big_endian(bytes, value);
  out.append(bytes, sizeof bytes);
}

/// Reads an integer from the first bytes; REQUIRES: there are sizeof(Integer) of them.
template <class Integer>
Integer get_big_endian(const char* bytes) {
  Integer value;
  std::memcpy(&value, bytes, sizeof value);
  if constexpr (std::endian::native == std::endian::little) value = std::byteswap(value);
  return value;
}

[[noreturn]] inline void throw_corrupt(const std::string& what) {
  throw Error(Code::internal, "corrupt data in the store: " + what);
}

/// Removes the value at the front of `rest` and returns it; throws if the bytes end early.
inline Cell take_value(std::string_view& rest) {
  if (rest.size() < sizeof(std::int32_t)) throw_corrupt("a value without its length");
  auto length = get_big_endian<std::int32_t>(rest.data());
  rest.remove_prefix(sizeof length);
  if (length < 0) return Cell{};
  if (rest.size() < static_cast<std::size_t>(length)) throw_corrupt("a value cut short");
  Cell cell = rest.substr(0, static_cast<std::size_t>(length));
  rest.remove_prefix(cell.size());
  return cell;
}

/// A sequence of values in one buffer.
class Values {
 public:
  /// Makes room for this many bytes, lengths included.
  void reserve(std::size_t bytes) { bytes_.reserve(bytes); }

  void append(Cell cell) {
    put_big_endian(bytes_,
                   is_null(cell) ? std::int32_t{-1} : static_cast<std::int32_t>(cell.size()));
    bytes_.append(cell);
    ++count_;
  }

  /// Appends all of `others`.
  void append(const Values& others) {
    bytes_ += others.bytes_;
    count_ += others.count_;
  }

  /// Appends what `encode(std::string&)` writes.
  template <class Encode>
  void append_encoded(Encode&& encode) {
    std::size_t at = bytes_.size();
    bytes_.append(sizeof(std::int32_t), '\0');
    encode(bytes_);
    set_big_endian(bytes_.data() + at,
                   static_cast<std::int32_t>(bytes_.size() - at - sizeof(std::int32_t)));
    ++count_;
  }

  /// Calls visit(index, cell) for each value in order; cells point into this object.
  template <class Visit>
  void each(Visit&& visit) const {
    std::string_view rest = bytes_;
    for (std::size_t i = 0; i < count_; ++i) visit(i, take_value(rest));
  }

  std::size_t count() const { return count_; }
  bool empty() const { return count_ == 0; }
  const std::string& bytes() const { return bytes_; }

  bool operator==(const Values&) const = default;

 private:
  std::string bytes_;
  std::size_t count_ = 0;
};

}  // namespace killrvideo::storage
