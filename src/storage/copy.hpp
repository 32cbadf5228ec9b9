// Copying all tables from one store to another, of any engines.
//
// Nobody else may write to either store meanwhile. An interrupted copy continues from its last
// checkpoint, which belongs to the target; the caller keeps it.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "common/progress.hpp"
#include "storage/schema.hpp"

namespace killrvideo::storage {

/// A checksum of a table, independent of the order of its rows.
struct TableSum {
  std::uint64_t rows = 0;
  std::uint64_t checksum = 0;  ///< the sum of the rows' hashes

  bool operator==(const TableSum&) const = default;
};

/// Reads a whole table. `progress` gets its name, its rows, and `expected` as the total.
TableSum sum_up(Store& store, const TableInfo& table, std::uint64_t expected,
                const ProgressListener& progress);

/// The tables to copy: all except those whose rows expire.
std::vector<const TableInfo*> tables_to_copy(const Schema& schema);

/// How far a table has been copied.
struct CopyPosition {
  std::string state;  ///< of the scan of the source; empty: at its start
  std::uint64_t rows = 0;
};

/// Copies a table from `position` on. Counters are set to the source's totals; rows that only the
/// target has stay. `checkpoint` is called from time to time with a position before which all rows
/// are durable in the target. Throws Error.
void copy_table(Store& source, Store& target, const TableInfo& table, CopyPosition position,
                std::uint64_t expected, const ProgressListener& progress,
                const std::function<void(const CopyPosition&)>& checkpoint);

}  // namespace killrvideo::storage
