#include "storage/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cmath>

#include "common/hex.hpp"
#include "common/number.hpp"
#include "common/required.hpp"
#include "storage/schema.hpp"

namespace killrvideo::storage {
namespace {

using namespace std::chrono;

std::string json_string(std::string_view text) {
  return boost::json::serialize(boost::json::string_view(text.data(), text.size()));
}

std::string date_text(Date date) {
  year_month_day day{date};
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(day.year()),
                     static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()));
}

std::string timestamp_text(Timestamp time) {
  auto date = floor<days>(time);
  hh_mm_ss clock{time - date};
  return fmt::format("{}T{:02}:{:02}:{:02}.{:03}Z", date_text(date), clock.hours().count(),
                     clock.minutes().count(), clock.seconds().count(), clock.subseconds().count());
}

// JSON cannot express infinities and NaN.
std::string float_text(float value) {
  return std::isfinite(value) ? fmt::format("{}", value) : json_string(fmt::format("{}", value));
}

template <class Elements, class ToText>
std::string array_text(const Elements& elements, ToText&& to_text) {
  std::string text = "[";
  for (const auto& element : elements) text += (text.size() > 1 ? "," : "") + to_text(element);
  return text + "]";
}

std::string vector_text(Cell cell) {
  std::vector<float> values;
  for (; cell.size() >= sizeof(float); cell.remove_prefix(sizeof(float)))
    values.push_back(Cql<float>::decode(cell.substr(0, sizeof(float))));
  return array_text(values, float_text);
}

std::string value_to_json(Type type, Cell cell) {
  if (is_null(cell)) return "null";
  switch (type) {
    case Type::uuid:
    case Type::timeuuid:
      return json_string(Cql<Uuid>::decode(cell).to_string());
    case Type::text:
      return json_string(cell);
    case Type::blob:
      return json_string("0x" + to_hex(cell));
    case Type::integer:
      return std::to_string(Cql<std::int32_t>::decode(cell));
    case Type::bigint:
    case Type::counter:
      return std::to_string(Cql<std::int64_t>::decode(cell));
    case Type::real:
      return float_text(Cql<float>::decode(cell));
    case Type::timestamp:
      return json_string(timestamp_text(Cql<Timestamp>::decode(cell)));
    case Type::date:
      return json_string(date_text(Cql<Date>::decode(cell)));
    case Type::boolean:
      return Cql<bool>::decode(cell) ? "true" : "false";
    case Type::text_set:
      return array_text(Cql<TextSet>::decode(cell), json_string);
    case Type::vector:
      return vector_text(cell);
  }
  std::unreachable();
}

// Removes a number of exactly so many digits from the front.
std::optional<unsigned> take_number(std::string_view& rest, std::size_t digits) {
  if (rest.size() < digits) return std::nullopt;
  const auto number = parse_number<unsigned>(rest.substr(0, digits));
  rest.remove_prefix(digits);
  return number;
}

std::optional<unsigned> take_number(std::string_view& rest, char before, std::size_t digits) {
  if (!rest.starts_with(before)) return std::nullopt;
  rest.remove_prefix(1);
  return take_number(rest, digits);
}

// Removes an optional fraction of a second from the front and truncates it to milliseconds.
std::optional<milliseconds> take_fraction(std::string_view& rest) {
  constexpr std::size_t most_digits = 9;
  if (!rest.starts_with('.')) return milliseconds{0};
  rest.remove_prefix(1);
  const auto digits = std::min(rest.find_first_not_of("0123456789"), rest.size());
  if (digits == 0 || digits > most_digits) return std::nullopt;
  std::string thousandths(rest.substr(0, std::min<std::size_t>(digits, 3)));
  thousandths.resize(3, '0');
  rest.remove_prefix(digits);
  return milliseconds{required(parse_number<unsigned>(thousandths))};
}

// The offset from UTC: Z, +02:00, +0200, +02, or nothing for UTC.
std::optional<minutes> parse_offset(std::string_view text) {
  if (text.empty() || text == "Z" || text == "z") return minutes{0};
  const char sign = text.front();
  if (sign != '+' && sign != '-') return std::nullopt;
  const auto h = take_number(text, sign, 2);
  const auto mi = text.empty()            ? 0U
                  : text.starts_with(':') ? take_number(text, ':', 2)
                                          : take_number(text, 2);
  if (!h || !mi || *h > 23 || *mi > 59 || !text.empty()) return std::nullopt;
  const auto offset = hours{*h} + minutes{*mi};
  return sign == '+' ? offset : -offset;
}

template <class T>
bool append_if(Values& values, const std::optional<T>& value) {
  if (value) append_value(values, *value);
  return value.has_value();
}

}  // namespace

std::string row_to_json(const TableInfo& table, std::span<const Cell> cells) {
  std::string text = "{";
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const ColumnInfo& column = table.columns[i];
    text +=
        (i > 0 ? "," : "") + json_string(column.name) + ":" + value_to_json(column.type, cells[i]);
  }
  return text + "}";
}

std::optional<Timestamp> parse_timestamp(std::string_view text) {
  const auto year_text = take_number(text, 4), mo = take_number(text, '-', 2),
             d = take_number(text, '-', 2);
  if (!text.starts_with('T') && !text.starts_with(' ')) return std::nullopt;
  const auto h = take_number(text, text.front(), 2), mi = take_number(text, ':', 2),
             s = take_number(text, ':', 2);
  const auto fraction = take_fraction(text);
  const auto offset = parse_offset(text);
  if (!year_text || !mo || !d || !h || !mi || !s || !fraction || !offset) return std::nullopt;
  const year_month_day day{year{static_cast<int>(*year_text)}, month{*mo}, std::chrono::day{*d}};
  if (!day.ok() || *h > 23 || *mi > 59 || *s > 59) return std::nullopt;
  return sys_days{day} + hours{*h} + minutes{*mi} + seconds{*s} + *fraction - *offset;
}

void append_parsed(const ColumnInfo& column, std::string_view text, Values& values) {
  bool good = true;
  switch (column.type) {
    case Type::uuid:
      good = append_if(values, Uuid::parse(text));
      break;
    case Type::timeuuid:
      good = append_if(values, TimeUuid::parse(text));
      break;
    case Type::integer:
      good = append_if(values, parse_number<std::int32_t>(text));
      break;
    case Type::bigint:
      good = append_if(values, parse_number<std::int64_t>(text));
      break;
    case Type::timestamp:
      good = append_if(values, parse_timestamp(text));
      break;
    case Type::text:
      values.append(text.data() ? text : "");
      break;
    default:
      good = false;
  }
  if (!good) throw invalid(column.name, "'" + std::string(text) + "' is no " + cql_type(column));
}

}  // namespace killrvideo::storage
