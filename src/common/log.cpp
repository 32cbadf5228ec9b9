#include "common/log.hpp"

#include <fmt/format.h>
#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <iterator>
#include <memory>

namespace killrvideo::log {
namespace {

// spdlog's own names are of different lengths and say "warning".
constexpr std::array<std::string_view, 5> level_names{"trace ", "debug ", "info  ", "warn  ",
                                                      "error "};

spdlog::logger* make_logger() {
  auto* logger =
      new spdlog::logger("killrvideo", std::make_shared<spdlog::sinks::stderr_sink_mt>());
  logger->set_formatter(std::make_unique<spdlog::pattern_formatter>(
      "%Y-%m-%dT%H:%M:%S.%eZ %v", spdlog::pattern_time_type::utc, "\n"));
  return logger;
}

spdlog::logger& logger() {
  static spdlog::logger& instance = *make_logger();  // never destroyed: threads log to the end
  return instance;
}

spdlog::level::level_enum spdlog_level(Level level) {
  static_assert(static_cast<int>(Level::trace) == SPDLOG_LEVEL_TRACE &&
                static_cast<int>(Level::error) == SPDLOG_LEVEL_ERROR);
  return static_cast<spdlog::level::level_enum>(level);
}

// Controls and line separators would break the line or the terminal that shows it.
bool is_disruptive(utf8proc_int32_t codepoint) {
  return codepoint < 0x20 || (codepoint >= 0x7f && codepoint < 0xa0) || codepoint == 0x2028 ||
         codepoint == 0x2029;
}

void append_escaped_codepoint(std::string& line, std::uint32_t codepoint) {
  if (codepoint == '\n') {
    line += "\\n";
  } else if (codepoint == '\r') {
    line += "\\r";
  } else if (codepoint == '\t') {
    line += "\\t";
  } else {
    fmt::format_to(std::back_inserter(line), "\\u{:04x}", codepoint);
  }
}

void append_escaped(std::string& line, std::string_view text, bool quoted) {
  while (!text.empty()) {
    utf8proc_int32_t codepoint = 0;
    const auto length = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                         static_cast<utf8proc_ssize_t>(text.size()), &codepoint);
    if (length < 1) {
      fmt::format_to(std::back_inserter(line), "\\x{:02x}",
                     static_cast<unsigned char>(text.front()));
      text.remove_prefix(1);
      continue;
    }
    const auto character = text.substr(0, static_cast<std::size_t>(length));
    if (is_disruptive(codepoint)) {
      append_escaped_codepoint(line, static_cast<std::uint32_t>(codepoint));
    } else {
      if (quoted && (codepoint == '"' || codepoint == '\\')) line += '\\';
      line += character;
    }
    text.remove_prefix(character.size());
  }
}

bool is_word(std::string_view text) {
  return !text.empty() && std::ranges::none_of(text, [](char c) {
    return c <= ' ' || c >= 0x7f || c == '"' || c == '=' || c == '\\';
  });
}

void append(std::string& line, std::string_view text) {
  if (is_word(text)) {
    line += text;
  } else {
    line += '"';
    append_escaped(line, text, true);
    line += '"';
  }
}

void append(std::string& line, bool value) { line += value ? "true" : "false"; }

template <class Number>
void append(std::string& line, Number value) {
  char digits[32];
  line.append(digits, std::to_chars(digits, digits + sizeof digits, value).ptr);
}

}  // namespace

void Value::append_to(std::string& line) const {
  std::visit([&](const auto& value) { append(line, value); }, value_);
}

void set_level(Level level) noexcept { logger().set_level(spdlog_level(level)); }

bool enabled(Level level) noexcept { return logger().should_log(spdlog_level(level)); }

std::string one_line(std::string_view text) {
  std::string line;
  append_escaped(line, text, false);
  return line;
}

void write(Level level, std::string_view message, Fields fields) {
  std::string line(level_names[static_cast<std::size_t>(level)]);
  append_escaped(line, message, false);
  for (const auto& field : fields) {
    line += ' ';
    line += field.key;
    line += '=';
    field.value.append_to(line);
  }
  logger().log(spdlog_level(level), spdlog::string_view_t(line.data(), line.size()));
}

}  // namespace killrvideo::log
