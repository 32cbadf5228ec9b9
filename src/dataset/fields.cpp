#include "dataset/fields.hpp"

#include <algorithm>

#include "common/number.hpp"
#include "common/text.hpp"
#include "dataset/literals.hpp"
#include "storage/text.hpp"

namespace killrvideo::dataset {
namespace {

constexpr std::size_t most_quoted = 60;  // characters of a bad value in a message

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

std::optional<std::chrono::sys_days> parse_day(std::string_view text) {
  std::string day(text);
  if (day.size() == 8) day.insert(6, "-").insert(4, "-");
  const auto time = storage::parse_timestamp(day + "T00:00:00Z");
  return time ? std::optional(std::chrono::floor<std::chrono::days>(*time)) : std::nullopt;
}

Fields::Fields(const Columns& columns, const CsvRecord& record)
    : columns_(columns), record_(record) {
  if (record.fields.size() != columns.size())
    throw Error(Code::invalid_argument, std::to_string(record.fields.size()) +
                                            " fields instead of " + std::to_string(columns.size()));
}

std::string_view Fields::raw(std::string_view column) const {
  const auto index = columns_.find(column);
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

std::string Fields::verbatim(std::string_view column) const {
  const auto text = raw(column);
  if (!is_utf8(text)) throw bad(column, {});
  return std::string(text);
}

std::string Fields::text(std::string_view column) const {
  return std::string(trim(verbatim(column)));
}

std::optional<std::string> Fields::optional_text(std::string_view column) const {
  auto result = text(column);
  return result.empty() ? std::nullopt : std::optional(std::move(result));
}

Timestamp Fields::time(std::string_view column) const {
  using namespace std::chrono;
  constexpr sys_days first = year{1} / 1 / 1, behind = year{10'000} / 1 / 1;
  const auto time = storage::parse_timestamp(given(column));
  if (time && *time >= first && *time < behind) return *time;
  throw bad(column, "is not a time of the years 1 to 9999 such as 2025-01-31T12:00:00.000Z");
}

std::optional<Timestamp> Fields::optional_time(std::string_view column) const {
  return raw(column).empty() ? std::nullopt : std::optional(time(column));
}

std::optional<std::chrono::sys_days> Fields::optional_day(std::string_view column) const {
  if (raw(column).empty()) return std::nullopt;
  if (const auto day = parse_day(raw(column))) return day;
  throw bad(column, "is not a day such as 2025-01-31");
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
  const auto text = fold_case(verbatim(column));
  if (text.empty()) return std::nullopt;
  if (text == "1" || text == "true") return true;
  if (text == "0" || text == "false") return false;
  throw bad(column, "is neither true nor false");
}

std::vector<std::string> Fields::texts(std::string_view column) const {
  if (auto texts = parse_texts(verbatim(column))) return std::move(*texts);
  throw bad(column, R"(is not a set such as {'one', 'it''s two'} or ["one", "two"])");
}

std::optional<std::vector<float>> Fields::optional_floats(std::string_view column) const {
  if (raw(column).empty()) return std::nullopt;
  if (auto floats = parse_floats(raw(column))) return floats;
  throw bad(column, "is not a vector such as [0.25, -1]");
}

}  // namespace killrvideo::dataset
