// Which column each field of a file belongs to.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dataset/csv.hpp"
#include "storage/table.hpp"

namespace killrvideo::dataset {

/// The names of a file's columns, in the order of the fields.
class Columns {
 public:
  explicit Columns(std::vector<std::string> names) : names_(std::move(names)) {}

  std::size_t size() const { return names_.size(); }
  const std::vector<std::string>& names() const { return names_; }
  std::optional<std::size_t> find(std::string_view column) const;

 private:
  std::vector<std::string> names_;
};

/// What a file of a table can look like.
struct Layout {
  const storage::TableInfo* table = nullptr;
  /// Columns that not everybody's table has: those of the data set of 2025. Some of them are not in
  /// `table` either.
  std::vector<std::string_view> newer = {};
  std::vector<std::string_view> required = {};  ///< What a header has to name.
  std::vector<std::string_view> besides = {};   ///< What is read although `table` has it not.

  /// Whether a column is more than passed over.
  bool knows(std::string_view column) const;
};

/// Whether the first record of a file is a row rather than the columns' names: a column of the key
/// holds a value.
bool is_row(const CsvRecord& first, const Layout& layout);

/// The columns that a header names: in any case, order, quotes and blanks. Throws Error
/// invalid_argument if one is named twice, or if required ones are missing.
Columns columns_of_header(const CsvRecord& header, const Layout& layout);

/// The columns of a file without header in Cassandra's order: the key, then the others by name.
/// Which others, is known by the number of fields: those of the plain table, these with the newer
/// ones, or all of ours. Throws Error invalid_argument if it fits none.
Columns columns_by_place(std::size_t fields, const Layout& layout);

}  // namespace killrvideo::dataset
