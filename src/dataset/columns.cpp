#include "dataset/columns.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "common/error.hpp"
#include "common/text.hpp"
#include "dataset/fields.hpp"
#include "storage/text.hpp"

namespace killrvideo::dataset {
namespace {

std::string joined(const auto& texts) { return fmt::format("{}", fmt::join(texts, ", ")); }

bool is_value(std::string_view text, const storage::ColumnInfo& column) {
  switch (column.type) {
    case storage::Type::uuid:
    case storage::Type::timeuuid:
      return Uuid::parse(text).has_value();
    case storage::Type::timestamp:
      return storage::parse_timestamp(text).has_value();
    default:
      return text.contains('@') || parse_day(text);
  }
}

std::string name_in(std::string_view field) {
  if (!is_utf8(field)) return std::string(field);
  auto name = trim(field);
  for (const char quote : {'"', '\''})
    if (name.size() > 1 && name.starts_with(quote) && name.ends_with(quote))
      name = name.substr(1, name.size() - 2);
  return fold_case(name);
}

// What seems to separate the columns of a header that lacks some.
std::string_view separator_in(const std::vector<std::string>& names) {
  constexpr std::array<std::pair<char, std::string_view>, 3> others{
      {{';', "semicolons"}, {'\t', "tabs"}, {'|', "vertical bars"}}};
  const auto text = joined(names);
  std::string_view likely = "commas";
  auto most = static_cast<std::ptrdiff_t>(names.size()) - 1;
  for (const auto& [separator, name] : others) {
    const auto count = std::ranges::count(text, separator);
    if (count <= most) continue;
    most = count;
    likely = name;
  }
  return likely;
}

std::vector<std::string> by_place(const Layout& layout, const auto& others) {
  const auto& columns = layout.table->columns;
  std::vector<std::string> names;
  names.reserve(columns.size());
  for (std::size_t i = 0; i < layout.table->key_size; ++i) names.push_back(columns[i].name);
  names.insert(names.end(), others.begin(), others.end());
  std::ranges::sort(names.begin() + static_cast<std::ptrdiff_t>(layout.table->key_size),
                    names.end());
  return names;
}

// Of a table: plain, with the newer columns, and ours.
std::array<std::vector<std::string>, 3> all_by_place(const Layout& layout) {
  std::vector<std::string> plain, all;
  const auto& columns = layout.table->columns;
  for (std::size_t i = layout.table->key_size; i < columns.size(); ++i) {
    all.push_back(columns[i].name);
    if (std::ranges::find(layout.newer, columns[i].name) == layout.newer.end())
      plain.push_back(columns[i].name);
  }
  auto newer = plain;
  newer.insert(newer.end(), layout.newer.begin(), layout.newer.end());
  return {by_place(layout, plain), by_place(layout, newer), by_place(layout, all)};
}

}  // namespace

std::optional<std::size_t> Columns::find(std::string_view column) const {
  const auto found = std::ranges::find(names_, column);
  if (found == names_.end()) return std::nullopt;
  return static_cast<std::size_t>(found - names_.begin());
}

bool Layout::knows(std::string_view column) const {
  return std::ranges::find(besides, column) != besides.end() ||
         std::ranges::find(table->columns, column, &storage::ColumnInfo::name) !=
             table->columns.end();
}

bool is_row(const CsvRecord& first, const Layout& layout) {
  for (std::size_t i = 0; i < layout.table->key_size && i < first.fields.size(); ++i)
    if (is_value(first.fields[i], layout.table->columns[i])) return true;
  return false;
}

Columns columns_of_header(const CsvRecord& header, const Layout& layout) {
  if (!header.malformed.empty()) throw Error(Code::invalid_argument, header.malformed);
  std::vector<std::string> names;
  names.reserve(header.fields.size());
  for (const auto& field : header.fields) names.push_back(name_in(field));
  Columns columns(names);
  std::vector<std::string_view> missing;
  for (const auto column : layout.required)
    if (!columns.find(column)) missing.push_back(column);
  if (!missing.empty())
    throw Error(Code::invalid_argument, "the header lacks " + joined(missing) +
                                            "; the line seems to be separated by " +
                                            std::string(separator_in(names)));
  std::ranges::sort(names);
  if (const auto twice = std::ranges::adjacent_find(names); twice != names.end())
    throw Error(Code::invalid_argument, "the header names the column '" + *twice + "' twice");
  return columns;
}

Columns columns_by_place(std::size_t fields, const Layout& layout) {
  std::string possible;
  for (const auto& names : all_by_place(layout)) {
    if (names.size() == fields) return Columns(names);
    const auto text = std::to_string(names.size()) + " (" + joined(names) + ")";
    if (!possible.contains(text)) (possible += possible.empty() ? "" : " or ") += text;
  }
  throw Error(
      Code::invalid_argument,
      std::to_string(fields) + " fields without a header; the table's columns are " + possible);
}

}  // namespace killrvideo::dataset
