// W3C Trace Context (https://www.w3.org/TR/trace-context/): all work that a request causes, in all
// processes, has one trace id; each step is a span.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace killrvideo {

struct Trace {
  /// The name of the header in gRPC's metadata, HTTP and Kafka.
  static constexpr const char* header = "traceparent";

  std::array<std::uint8_t, 16> id{};  ///< all zeros: no trace
  std::array<std::uint8_t, 8> span{};
  bool sampled = false;  ///< a tracer records it; passed on unchanged

  /// The first span of a new trace.
  static Trace begin();

  /// The sender's span from a header; nothing if the header does not follow the standard.
  static std::optional<Trace> parse(std::string_view traceparent);

  /// A new span, in the trace of the header or, if that is empty or invalid, in a new trace.
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
