// The files of the data set, and how the records of each become rows.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "dataset/columns.hpp"
#include "dataset/fields.hpp"
#include "storage/bulk.hpp"

namespace killrvideo::dataset {

/// What became of a record.
struct Outcome {
  bool changed = false;  ///< Whether the store had not exactly this already.
  std::string refusal;   ///< Why it was not taken; empty if it was.
};

/// Takes the records of one file, some at a time. One thread.
class FileRows {
 public:
  virtual ~FileRows() = default;

  /// Throws Error invalid_argument if the record by itself cannot be taken.
  virtual void add(const Fields& record) = 0;

  /// Puts what was added since the last call into the store, in order; returns when it is on disk,
  /// with what became of each. Throws the store's Errors.
  virtual std::vector<Outcome> write(storage::BulkWriter& writer) = 0;
};

struct File {
  std::string_view name;
  Layout layout;
  /// The store outlives the result.
  std::unique_ptr<FileRows> (*rows)(storage::Store& store);
};

/// The files that are imported, in this order.
std::span<const File> files();

/// Files of the data set whose contents have no place here.
std::span<const std::string_view> ignored_files();

}  // namespace killrvideo::dataset
