#include "dataset/fields.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "common/text.hpp"
#include "storage/text.hpp"

namespace killrvideo::dataset {
namespace {

constexpr std::size_t most_quoted = 60;  // characters of a bad value in a message

template <class Number>
std::optional<Number> parse_number(std::string_view text) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<float> parse_float(std::string_view text) {
  const auto value = parse_number<float>(text);
  return value && std::isfinite(*value) ? value : std::nullopt;
}

std::string_view without_spaces(std::string_view text) {
  const auto begin = std::min(text.find_first_not_of(' '), text.size());
  text.remove_prefix(begin);
  return text.substr(0, text.find_last_not_of(' ') + 1);
}

/// Takes the next element of a set literal, a text in single quotes, off the front.
std::optional<std::string> take_element(std::string_view& rest) {
  if (!rest.starts_with('\'')) return std::nullopt;
  rest.remove_prefix(1);
  std::string element;
  while (true) {
    const auto quote = rest.find('\'');
    if (quote == rest.npos) return std::nullopt;
    element += rest.substr(0, quote);
    rest.remove_prefix(quote + 1);
    if (!rest.starts_with('\'')) return element;
    element += '\'';
    rest.remove_prefix(1);
  }
}

std::optional<storage::TextSet> parse_set(std::string_view text) {
  if (!text.starts_with('{') || !text.ends_with('}') || text.size() < 2) return std::nullopt;
  auto rest = without_spaces(text.substr(1, text.size() - 2));
  storage::TextSet set;
  while (!rest.empty()) {
    auto element = take_element(rest);
    if (!element) return std::nullopt;
    set.insert(std::move(*element));
    rest = without_spaces(rest);
    if (rest.empty()) break;
    if (!rest.starts_with(',')) return std::nullopt;
    rest = without_spaces(rest.substr(1));
    if (rest.empty()) return std::nullopt;
  }
  return set;
}

std::optional<std::vector<float>> parse_floats(std::string_view text) {
  if (!text.starts_with('[') || !text.ends_with(']') || text.size() < 2) return std::nullopt;
  auto rest = text.substr(1, text.size() - 2);
  std::vector<float> floats;
  while (true) {
    const auto comma = rest.find(',');
    const auto value = parse_float(without_spaces(rest.substr(0, comma)));
    if (!value) return std::nullopt;
    floats.push_back(*value);
    if (comma == rest.npos) return floats;
    rest.remove_prefix(comma + 1);
  }
}

std::optional<std::chrono::sys_days> parse_date(std::string_view text) {
  const auto time = storage::parse_timestamp(std::string(text) + "T00:00:00Z");
  return time ? std::optional(std::chrono::floor<std::chrono::days>(*time)) : std::nullopt;
}

// What of a bad value can be shown in one line.
std::string shown(std::string_view text) {
  std::string result;
  for (const char c : text.substr(0, most_quoted)) {
    const bool control = static_cast<unsigned char>(c) < ' ' || c == '\x7F';
    result += control ? ' ' : c;
  }
  while (!is_utf8(result)) result.pop_back();
  return text.size() > most_quoted ? result + "…" : result;
}

}  // namespace

std::optional<std::size_t> Header::find(std::string_view column) const {
  const auto found = std::ranges::find(names_, column);
  if (found == names_.end()) return std::nullopt;
  return static_cast<std::size_t>(found - names_.begin());
}

Fields::Fields(const Header& header, const CsvRecord& record) : header_(header), record_(record) {
  if (record.fields.size() != header.size())
    throw Error(Code::invalid_argument, std::to_string(record.fields.size()) +
                                            " fields instead of " + std::to_string(header.size()));
}

std::string_view Fields::raw(std::string_view column) const {
  const auto index = header_.find(column);
  return index ? std::string_view(record_.fields[*index]) : std::string_view();
}

std::string_view Fields::given(std::string_view column) const {
  const auto text = raw(column);
  if (text.empty()) throw invalid(std::string(column), "is empty");
  return text;
}

Error Fields::bad(std::string_view column, std::string_view what) const {
  const auto text = raw(column);
  if (!is_utf8(text)) return invalid(std::string(column), "is not valid UTF-8");
  return invalid(std::string(column), "'" + shown(text) + "' " + std::string(what));
}

std::string Fields::text(std::string_view column) const {
  const auto text = raw(column);
  if (!is_utf8(text)) throw bad(column, {});
  return std::string(text);
}

std::string Fields::given_text(std::string_view column) const {
  given(column);
  return text(column);
}

std::optional<std::string> Fields::optional_text(std::string_view column) const {
  auto result = text(column);
  return result.empty() ? std::nullopt : std::optional(std::move(result));
}

Timestamp Fields::time(std::string_view column) const {
  if (const auto time = storage::parse_timestamp(given(column))) return *time;
  throw bad(column, "is not a time such as 2025-01-31T12:00:00.000Z");
}

std::optional<Timestamp> Fields::optional_time(std::string_view column) const {
  return raw(column).empty() ? std::nullopt : std::optional(time(column));
}

std::optional<std::chrono::sys_days> Fields::optional_date(std::string_view column) const {
  if (raw(column).empty()) return std::nullopt;
  if (const auto date = parse_date(raw(column))) return date;
  throw bad(column, "is not a date such as 2025-01-31");
}

std::int64_t Fields::number(std::string_view column, std::int64_t least, std::int64_t most) const {
  const auto value = parse_number<std::int64_t>(given(column));
  if (value && *value >= least && *value <= most) return *value;
  throw bad(column,
            "is not a whole number from " + std::to_string(least) + " to " + std::to_string(most));
}

std::optional<float> Fields::optional_float(std::string_view column) const {
  if (raw(column).empty()) return std::nullopt;
  if (const auto value = parse_float(raw(column))) return value;
  throw bad(column, "is not a number");
}

std::optional<bool> Fields::optional_bool(std::string_view column) const {
  const auto text = raw(column);
  if (text.empty()) return std::nullopt;
  if (text == "true" || text == "True") return true;
  if (text == "false" || text == "False") return false;
  throw bad(column, "is neither true nor false");
}

storage::TextSet Fields::text_set(std::string_view column) const {
  const auto literal = text(column);
  if (literal.empty()) return {};
  if (auto set = parse_set(literal)) return std::move(*set);
  throw bad(column, "is not a set such as {'one', 'it''s two'}");
}

std::optional<std::vector<float>> Fields::optional_floats(std::string_view column) const {
  if (raw(column).empty()) return std::nullopt;
  if (auto floats = parse_floats(raw(column))) return floats;
  throw bad(column, "is not a vector such as [0.25, -1]");
}

}  // namespace killrvideo::dataset
