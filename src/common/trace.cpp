#include "common/trace.hpp"

#include <sodium.h>

#include <span>

#include "common/hex.hpp"

namespace killrvideo {
namespace {

// "00-" id "-" span "-" flags
constexpr std::size_t id_at = 3, span_at = 36, flags_at = 53, size = 55;
constexpr std::uint8_t sampled_flag = 1;

std::string hex_of(std::span<const std::uint8_t> bytes) {
  return to_hex({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

bool read_hex(std::string_view text, std::span<std::uint8_t> bytes) {
  const auto digits = text.substr(0, 2 * bytes.size());
  const bool has_capitals = digits.find_first_of("ABCDEF") != digits.npos;  // which are not allowed
  return !has_capitals && sodium_hex2bin(bytes.data(), bytes.size(), digits.data(), digits.size(),
                                         nullptr, nullptr, nullptr) == 0;
}

bool has_form(std::string_view text) {
  if (text.size() < size || text[2] != '-' || text[span_at - 1] != '-' || text[flags_at - 1] != '-')
    return false;
  if (text.starts_with("ff")) return false;
  // Later versions may append more.
  return text.size() == size || (!text.starts_with("00") && text[size] == '-');
}

template <std::size_t Size>
std::array<std::uint8_t, Size> random_bytes() {
  std::array<std::uint8_t, Size> bytes{};
  randombytes_buf(bytes.data(), Size);
  return bytes;
}

}  // namespace

Trace Trace::begin() {
  const auto bytes = random_bytes<24>();
  Trace trace;
  std::ranges::copy(std::span(bytes).first<16>(), trace.id.begin());
  std::ranges::copy(std::span(bytes).last<8>(), trace.span.begin());
  return trace;
}

std::optional<Trace> Trace::parse(std::string_view traceparent) {
  Trace trace;
  std::array<std::uint8_t, 1> version{}, flags{};
  if (!has_form(traceparent) || !read_hex(traceparent, version) ||
      !read_hex(traceparent.substr(id_at), trace.id) ||
      !read_hex(traceparent.substr(span_at), trace.span) ||
      !read_hex(traceparent.substr(flags_at), flags))
    return std::nullopt;
  if (!trace.exists() || trace.span == decltype(span){}) return std::nullopt;
  trace.sampled = (flags[0] & sampled_flag) != 0;
  return trace;
}

Trace Trace::continued(std::string_view traceparent) {
  auto parent = parse(traceparent);
  if (!parent) return begin();
  parent->span = random_bytes<8>();
  return *parent;
}

std::string Trace::to_string() const {
  if (!exists()) return {};
  return "00-" + id_text() + "-" + span_text() + (sampled ? "-01" : "-00");
}

std::string Trace::id_text() const { return hex_of(id); }

std::string Trace::span_text() const { return hex_of(span); }

}  // namespace killrvideo
