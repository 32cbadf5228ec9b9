// The program's log: one line an event on stderr, in logfmt:
//
//   2026-11-22T12:00:00.123Z info  message key=value other="with spaces"
//
// Texts are escaped, so that an entry is always one line, whatever clients sent. All
// functions may be called from any thread; lines of different threads do not mix.
#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <variant>

namespace killrvideo::log {

enum class Level { trace, debug, info, warn, error };

/// A value of a field; texts are borrowed for the duration of the call.
class Value {
 public:
  template <std::convertible_to<std::string_view> Text>
  Value(const Text& text) : value_(std::string_view(text)) {}
  Value(bool value) : value_(value) {}
  Value(std::signed_integral auto value) : value_(std::int64_t{value}) {}
  Value(std::unsigned_integral auto value) : value_(std::uint64_t{value}) {}
  Value(std::floating_point auto value) : value_(double{value}) {}

  void append_to(std::string& line) const;

 private:
  std::variant<std::string_view, bool, std::int64_t, std::uint64_t, double> value_;
};

struct Field {
  std::string_view key;  ///< A word; it is written as it is.
  Value value;
};

using Fields = std::initializer_list<Field>;

/// Sets the lowest level that is written. It is info until this is called.
void set_level(Level level) noexcept;

/// Whether this level is written. To be asked before making expensive fields.
bool enabled(Level level) noexcept;

/// Escapes everything in `text` that would break a line or a terminal: invalid UTF-8, controls,
/// line separators.
std::string one_line(std::string_view text);

void write(Level level, std::string_view message, Fields fields = {});

inline void debug(std::string_view message, Fields fields = {}) {
  if (enabled(Level::debug)) write(Level::debug, message, fields);
}
inline void info(std::string_view message, Fields fields = {}) {
  if (enabled(Level::info)) write(Level::info, message, fields);
}
inline void warn(std::string_view message, Fields fields = {}) {
  if (enabled(Level::warn)) write(Level::warn, message, fields);
}
inline void error(std::string_view message, Fields fields = {}) {
  if (enabled(Level::error)) write(Level::error, message, fields);
}

}  // namespace killrvideo::log
