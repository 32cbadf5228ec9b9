// Copying all tables from one store to another, of whichever engines.
//
// Neither may be written to by others meanwhile. A copy that was cut off goes on from its last
// checkpoint, which belongs to the target and is kept by the caller.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "storage/schema.hpp"

namespace killrvideo::storage {

/// What a table holds. Two tables with the same rows have equal ones, whatever the rows' order.
struct TableSum {
  std::uint64_t rows = 0;
  std::uint64_t checksum = 0;  ///< the sum of the rows' hashes

  bool operator==(const TableSum&) const = default;
};

/// `done` of `total` rows of a table; 0 total: nobody knows.
using CopyProgress =
    std::function<void(std::string_view table, std::uint64_t done, std::uint64_t total)>;

/// Reads a whole table. `expected` rows are told to `progress` as the total.
TableSum sum_up(Store& store, const TableInfo& table, std::uint64_t expected,
                const CopyProgress& progress);

/// The tables that are copied: all but those whose rows expire.
std::vector<const TableInfo*> tables_to_copy(const Schema& schema);

/// How far a table has been copied.
struct CopyPosition {
  std::string state;  ///< of the scan of the source; empty: from the beginning
  std::uint64_t rows = 0;
};

/// Copies the rest of a table. Counters become what they are in the source; rows that only the
/// target has stay. `checkpoint` is called every now and then, when all rows before a position are
/// durable in the target. Throws Error.
void copy_table(Store& source, Store& target, const TableInfo& table, CopyPosition position,
                std::uint64_t expected, const CopyProgress& progress,
                const std::function<void(const CopyPosition&)>& checkpoint);

}  // namespace killrvideo::storage
