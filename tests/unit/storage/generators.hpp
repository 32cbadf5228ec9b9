// Random values of the columns' types. They come from few distinct bytes and from the ends of the
// ranges, so that equal, neighbouring and extreme values are common.
#pragma once

#include <rapidcheck.h>

#include <algorithm>
#include <limits>
#include <memory>
#include <string>

#include "storage/cql.hpp"

namespace killrvideo::storage {

/// A copy that ends where its memory ends, so that a sanitizer sees a read behind it.
class ExactCopy {
 public:
  explicit ExactCopy(std::string_view bytes)
      : memory_(std::make_unique<char[]>(bytes.size())), size_(bytes.size()) {
    std::ranges::copy(bytes, memory_.get());
  }
  std::string_view view() const { return {memory_.get(), size_}; }

 private:
  std::unique_ptr<char[]> memory_;
  std::size_t size_;
};

inline rc::Gen<char> interesting_byte() {
  return rc::gen::map(
      rc::gen::weightedOneOf<int>(
          {{3, rc::gen::element(0, 1, 2, 0x7F, 0x80, 0xFE, 0xFF)}, {1, rc::gen::inRange(0, 256)}}),
      [](int byte) { return static_cast<char>(byte); });
}

/// Short strings of any bytes.
inline rc::Gen<std::string> bytes() { return rc::gen::container<std::string>(interesting_byte()); }

inline rc::Gen<std::string> bytes(std::size_t count) {
  return rc::gen::container<std::string>(count, interesting_byte());
}

/// Short strings of UTF-8.
inline rc::Gen<std::string> text() {
  auto character = rc::gen::element<std::string>(std::string("\0", 1), "\x01", "a", "b", "\x7F",
                                                 "ä", "漢", "\U0001F3AC", "\U0010FFFF");
  return rc::gen::map(rc::gen::container<std::vector<std::string>>(character),
                      [](const std::vector<std::string>& characters) {
                        std::string joined;
                        for (const auto& each : characters) joined += each;
                        return joined;
                      });
}

template <class Integer>
rc::Gen<Integer> integer() {
  using Limits = std::numeric_limits<Integer>;
  return rc::gen::weightedOneOf<Integer>(
      {{2, rc::gen::element<Integer>(Limits::min(), Limits::min() + 1, -256, -1, 0, 1, 255, 256,
                                     Limits::max() - 1, Limits::max())},
       {1, rc::gen::arbitrary<Integer>()}});
}

inline rc::Gen<Uuid> uuid() {
  return rc::gen::map(rc::gen::pair(bytes(16), rc::gen::element(0, 1, 4, 7, 15)),
                      [](const std::pair<std::string, int>& made) {
                        Uuid id;
                        std::ranges::copy(made.first, id.bytes.begin());
                        id.bytes[6] =
                            static_cast<std::uint8_t>((id.bytes[6] & 0x0F) | (made.second << 4));
                        return id;
                      });
}

inline rc::Gen<TimeUuid> timeuuid() {
  return rc::gen::map(uuid(), [](Uuid id) {
    id.bytes[6] = static_cast<std::uint8_t>((id.bytes[6] & 0x0F) | 0x10);
    return TimeUuid{id};
  });
}

/// The CQL bytes of a value of a type that a key can have.
inline rc::Gen<std::string> key_cell(Type type) {
  auto encoded = [](auto generator) {
    return rc::gen::map(std::move(generator), [](const auto& value) {
      std::string cell;
      Cql<std::remove_cvref_t<decltype(value)>>::encode(value, cell);
      return cell;
    });
  };
  switch (type) {
    case Type::uuid:
      return encoded(uuid());
    case Type::timeuuid:
      return encoded(timeuuid());
    case Type::text:
      return text();
    case Type::blob:
      return bytes();
    case Type::integer:
    case Type::date:
      return encoded(integer<std::int32_t>());
    case Type::bigint:
    case Type::timestamp:
      return encoded(integer<std::int64_t>());
    case Type::boolean:
      return encoded(rc::gen::arbitrary<bool>());
    default:
      throw std::logic_error("no type of a key");
  }
}

}  // namespace killrvideo::storage
