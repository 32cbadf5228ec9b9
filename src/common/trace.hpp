// Where a piece of work belongs in a trace, by W3C Trace Context
// (https://www.w3.org/TR/trace-context/): what one request has led to, in all processes, has one
// trace id; each step of it is a span.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace killrvideo {

struct Trace {
  /// Of gRPC's metadata, HTTP's and Kafka's headers.
  static constexpr const char* header = "traceparent";

  std::array<std::uint8_t, 16> id{};  ///< all zeros: there is none
  std::array<std::uint8_t, 8> span{};
  bool sampled = false;  ///< somebody records it; passed on as it came

  /// The first span of a new trace.
  static Trace begin();

  /// What a header says of the span that has sent it; nothing if it is not what the standard wants.
  static std::optional<Trace> parse(std::string_view traceparent);

  /// A new span: of the trace that a header tells of or, without one, of a new trace.
  static Trace continued(std::string_view traceparent);

  bool exists() const { return id != decltype(id){}; }

  /// The header; empty if there is no trace.
  std::string to_string() const;
  /// 32 and 16 hexadecimal digits.
  std::string id_text() const;
  std::string span_text() const;

  bool operator==(const Trace&) const = default;
};

}  // namespace killrvideo
