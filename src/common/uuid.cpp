#include "common/uuid.hpp"

#include <sodium.h>

#include <algorithm>
#include <atomic>

#include "common/error.hpp"

namespace killrvideo {
namespace {

constexpr std::size_t text_size = 36;
// UUID time counts 100 ns intervals since 1582-10-15; this many had passed by 1970.
constexpr std::int64_t gregorian_offset = 0x01B21DD213814000;
constexpr std::int64_t ticks_per_ms = 10'000;

constexpr bool is_dash(std::size_t i) { return i == 8 || i == 13 || i == 18 || i == 23; }

// Where the digits of each byte stand.
constexpr std::array<std::ptrdiff_t, 16> place_in_text{0,  2,  4,  6,  9,  11, 14, 16,
                                                       19, 21, 24, 26, 28, 30, 32, 34};

// The two digits of every byte.
constexpr auto hex_digits = [] {
  constexpr char digits[] = "0123456789abcdef";
  std::array<std::array<char, 2>, 256> all{};
  for (std::size_t byte = 0; byte < all.size(); ++byte)
    all[byte] = {digits[byte >> 4], digits[byte & 0xF]};
  return all;
}();

constexpr int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::uint64_t random_bits() {
  std::uint64_t bits;
  randombytes_buf(&bits, sizeof bits);
  return bits;
}

TimeUuid from_ticks(std::uint64_t ticks, std::uint64_t low) noexcept {
  TimeUuid id;
  auto put = [&](std::size_t at, std::uint64_t value, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i)
      id.bytes[at + i] = static_cast<std::uint8_t>(value >> (8 * (count - 1 - i)));
  };
  put(0, ticks & 0xFFFFFFFF, 4);
  put(4, (ticks >> 32) & 0xFFFF, 2);
  put(6, ((ticks >> 48) & 0x0FFF) | 0x1000, 2);
  put(8, (low & 0x3FFFFFFFFFFFFFFF) | 0x8000000000000000, 8);
  return id;
}

}  // namespace

std::optional<Uuid> Uuid::parse(std::string_view text) noexcept {
  if (text.size() != text_size) return std::nullopt;
  Uuid uuid;
  std::size_t byte = 0;
  for (std::size_t i = 0; i < text_size;) {
    if (is_dash(i)) {
      if (text[i++] != '-') return std::nullopt;
      continue;
    }
    int high = hex_digit(text[i]);
    int low = hex_digit(text[i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    uuid.bytes[byte++] = static_cast<std::uint8_t>(high << 4 | low);
    i += 2;
  }
  return uuid;
}

Uuid Uuid::random() {
  Uuid uuid;
  randombytes_buf(uuid.bytes.data(), uuid.bytes.size());
  uuid.bytes[6] = static_cast<std::uint8_t>((uuid.bytes[6] & 0x0F) | 0x40);
  uuid.bytes[8] = static_cast<std::uint8_t>((uuid.bytes[8] & 0x3F) | 0x80);
  return uuid;
}

std::array<std::uint8_t, 17> Uuid::sort_key() const noexcept {
  std::array<std::uint8_t, 17> key{static_cast<std::uint8_t>(version())};
  std::ranges::copy(bytes, key.begin() + 1);
  if (version() != 1) return key;
  // time_low, time_mid, time_hi_and_version -> time_hi_and_version, time_mid, time_low.
  std::rotate(key.begin() + 1, key.begin() + 7, key.begin() + 9);
  std::rotate(key.begin() + 3, key.begin() + 7, key.begin() + 9);
  return key;
}

void Uuid::throw_no_id() { throw Error(Code::invalid_argument, "bytes that are no id"); }

std::string Uuid::to_string() const {
  std::string text(text_size, '-');
  for (std::size_t i = 0; i < bytes.size(); ++i)
    std::ranges::copy(hex_digits[bytes[i]], text.begin() + place_in_text[i]);
  return text;
}

std::optional<TimeUuid> TimeUuid::parse(std::string_view text) noexcept {
  auto uuid = Uuid::parse(text);
  if (!uuid || uuid->version() != 1) return std::nullopt;
  return TimeUuid{*uuid};
}

TimeUuid TimeUuid::now() {
  static std::atomic<std::int64_t> last{0};
  // One random node and clock sequence a process; the ticks make values within it unique.
  static const std::uint64_t node = random_bits();
  using Ticks = std::chrono::duration<std::int64_t, std::ratio<1, 10'000'000>>;
  std::int64_t clock =
      std::chrono::duration_cast<Ticks>(std::chrono::system_clock::now().time_since_epoch())
          .count() +
      gregorian_offset;
  std::int64_t previous = last.load(std::memory_order_relaxed);
  std::int64_t next;
  do {
    next = std::max(clock, previous + 1);
  } while (!last.compare_exchange_weak(previous, next, std::memory_order_relaxed));
  return from_ticks(static_cast<std::uint64_t>(next), node);
}

TimeUuid TimeUuid::at(Timestamp time, std::uint64_t low) noexcept {
  std::int64_t ticks = time.time_since_epoch().count() * ticks_per_ms + gregorian_offset;
  return from_ticks(static_cast<std::uint64_t>(ticks), low);
}

Timestamp TimeUuid::timestamp() const noexcept {
  auto take = [&](std::size_t at, std::size_t count) {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < count; ++i) value = value << 8 | bytes[at + i];
    return value;
  };
  auto ticks =
      static_cast<std::int64_t>((take(6, 2) & 0x0FFF) << 48 | take(4, 2) << 32 | take(0, 4));
  std::int64_t since_1970 = ticks - gregorian_offset;
  return Timestamp{std::chrono::floor<std::chrono::milliseconds>(
      std::chrono::duration<std::int64_t, std::ratio<1, 10'000'000>>{since_1970})};
}

}  // namespace killrvideo
