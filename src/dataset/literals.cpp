#include "dataset/literals.hpp"

#include <boost/json.hpp>
#include <cmath>

#include "common/number.hpp"
#include "common/text.hpp"

namespace killrvideo::dataset {
namespace {

/// What stands between the brackets, without white space at its ends; nothing without brackets.
std::optional<std::string_view> between(char open, std::string_view text, char close) {
  if (text.size() < 2 || !text.starts_with(open) || !text.ends_with(close)) return std::nullopt;
  return trim(text.substr(1, text.size() - 2));
}

/// Takes a text in single quotes off the front, as CQL writes it.
std::optional<std::string> take_cql_text(std::string_view& rest) {
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

/// Takes a text in double quotes off the front, as JSON writes it.
std::optional<std::string> take_json_text(std::string_view& rest) {
  std::size_t end = 1;
  while (end < rest.size() && rest[end] != '"') end += rest[end] == '\\' ? 2 : 1;
  if (end >= rest.size()) return std::nullopt;
  boost::system::error_code error;
  const auto value = boost::json::parse({rest.data(), end + 1}, error);
  rest.remove_prefix(end + 1);
  return error ? std::nullopt : std::optional(std::string(value.as_string()));
}

std::optional<std::string> take_text(std::string_view& rest, bool may_be_cql) {
  if (rest.starts_with('"')) return take_json_text(rest);
  if (rest.starts_with('\'') && may_be_cql) return take_cql_text(rest);
  return std::nullopt;
}

}  // namespace

std::optional<float> parse_float(std::string_view text) {
  const auto number = parse_number<float>(text);
  return number && std::isfinite(*number) ? number : std::nullopt;
}

std::optional<std::vector<std::string>> parse_texts(std::string_view text) {
  text = trim(text);
  std::vector<std::string> elements;
  if (text.empty()) return elements;
  const auto in_braces = between('{', text, '}');
  const auto content = in_braces ? in_braces : between('[', text, ']');
  if (!content) return std::nullopt;
  auto rest = *content;
  while (!rest.empty()) {
    if (!elements.empty()) {
      if (!rest.starts_with(',')) return std::nullopt;
      rest = trim(rest.substr(1));
    }
    auto element = take_text(rest, in_braces.has_value());
    if (!element) return std::nullopt;
    elements.push_back(std::move(*element));
    rest = trim(rest);
  }
  return elements;
}

std::optional<std::vector<float>> parse_floats(std::string_view text) {
  const auto content = between('[', trim(text), ']');
  if (!content) return std::nullopt;
  auto rest = *content;
  std::vector<float> floats;
  while (true) {
    const auto comma = rest.find(',');
    const auto value = parse_float(trim(rest.substr(0, comma)));
    if (!value) return std::nullopt;
    floats.push_back(*value);
    if (comma == rest.npos) return floats;
    rest.remove_prefix(comma + 1);
  }
}

}  // namespace killrvideo::dataset
