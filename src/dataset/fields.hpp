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
#include "dataset/csv.hpp"
#include "storage/cql.hpp"

namespace killrvideo::dataset {

/// The first record of a file: the columns' names, in any order.
class Header {
 public:
  explicit Header(CsvRecord record) : names_(std::move(record.fields)) {}

  std::size_t size() const { return names_.size(); }
  std::optional<std::size_t> find(std::string_view column) const;

 private:
  std::vector<std::string> names_;
};

/// All throw Error invalid_argument that names the column if the field is no such value. Columns
/// that the file does not have are like empty fields. What is optional is nothing if the field is
/// empty.
class Fields {
 public:
  /// Both outlive this. Throws Error invalid_argument if there is another number of fields than of
  /// columns.
  Fields(const Header& header, const CsvRecord& record);

  /// REQUIRES: Id is an Id of a Uuid or TimeUuid.
  template <class Id>
  Id id(std::string_view column) const {
    using Base = std::conditional_t<std::is_base_of_v<TimeUuid, Id>, TimeUuid, Uuid>;
    const auto text = given(column);
    if (const auto parsed = Base::parse(text)) return Id(*parsed);
    throw bad(column,
              std::is_same_v<Base, TimeUuid> ? "is not a time-based UUID" : "is not a UUID");
  }

  std::string text(std::string_view column) const;        ///< May be empty.
  std::string given_text(std::string_view column) const;  ///< May not.
  std::optional<std::string> optional_text(std::string_view column) const;
  Timestamp time(std::string_view column) const;
  std::optional<Timestamp> optional_time(std::string_view column) const;
  /// 2025-01-31
  std::optional<std::chrono::sys_days> optional_date(std::string_view column) const;
  std::int64_t number(std::string_view column, std::int64_t least = 0,
                      std::int64_t most = std::numeric_limits<std::int64_t>::max()) const;
  std::optional<float> optional_float(std::string_view column) const;
  std::optional<bool> optional_bool(std::string_view column) const;
  /// {'one', 'it''s two'}; an empty field is an empty set.
  storage::TextSet text_set(std::string_view column) const;
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

  const Header& header_;
  const CsvRecord& record_;
};

}  // namespace killrvideo::dataset
