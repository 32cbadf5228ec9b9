// A record's fields by their columns' names, as values of the types that the tables have.
#pragma once

#include <chrono>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/error.hpp"
#include "common/uuid.hpp"
#include "dataset/columns.hpp"
#include "storage/cql.hpp"

namespace killrvideo::dataset {

/// 2025-01-31 or 20250131; nothing if it is no day.
std::optional<std::chrono::sys_days> parse_day(std::string_view text);

/// All throw Error invalid_argument that names the column if the field is no such value. Columns
/// that the file does not have are like empty fields. What is optional is nothing if the field is
/// empty.
class Fields {
 public:
  /// Both outlive this. Throws Error invalid_argument if there is another number of fields than of
  /// columns.
  Fields(const Columns& columns, const CsvRecord& record);

  template <std::derived_from<Uuid> Id>
  Id id(std::string_view column) const {
    using Base = std::conditional_t<std::is_base_of_v<TimeUuid, Id>, TimeUuid, Uuid>;
    const auto text = given(column);
    if (const auto parsed = Base::parse(text)) return Id(*parsed);
    throw bad(column,
              std::is_same_v<Base, TimeUuid> ? "is not a time-based UUID" : "is not a UUID");
  }

  std::string verbatim(std::string_view column) const;  ///< UTF-8; may be empty.
  std::string text(std::string_view column) const;      ///< The same, trimmed.
  std::optional<std::string> optional_text(std::string_view column) const;
  /// Of the years 1 to 9999.
  Timestamp time(std::string_view column) const;
  std::optional<Timestamp> optional_time(std::string_view column) const;
  std::optional<std::chrono::sys_days> optional_day(std::string_view column) const;
  std::int64_t number(std::string_view column, std::int64_t least = 0,
                      std::int64_t most = std::numeric_limits<std::int64_t>::max()) const;
  std::optional<float> optional_float(std::string_view column) const;
  /// true, false, 1, 0, in any case.
  std::optional<bool> optional_bool(std::string_view column) const;
  /// The elements of a set in any of the forms of parse_texts(), as they were written.
  std::vector<std::string> texts(std::string_view column) const;
  /// [0.25, -1, 3e-05]
  template <std::uint32_t Dimension>
  std::optional<storage::FloatVector<Dimension>> optional_vector(std::string_view column) const {
    auto floats = optional_floats(column);
    if (!floats) return std::nullopt;
    if (floats->size() != Dimension)
      throw invalid(std::string(column), "has " + std::to_string(floats->size()) +
                                             " numbers instead of " + std::to_string(Dimension));
    return storage::FloatVector<Dimension>{std::move(*floats)};
  }

 private:
  std::string_view raw(std::string_view column) const;
  std::string_view given(std::string_view column) const;
  std::optional<std::vector<float>> optional_floats(std::string_view column) const;
  Error bad(std::string_view column, std::string_view what) const;

  const Columns& columns_;
  const CsvRecord& record_;
};

}  // namespace killrvideo::dataset
