// How RocksDB is set up for our rows.
#pragma once

#include <rocksdb/db.h>

#include <cstddef>
#include <memory>
#include <vector>

#include "storage/rocksdb/queue_insert_hint.hpp"

namespace killrvideo::storage::rocksdb_engine {

/// The column families, in this order: the schema catalog, rows, counters. `queues` is the insert
/// hint for memory tables; nullptr for read-only use.
std::vector<rocksdb::ColumnFamilyDescriptor> families(
    std::size_t block_cache_bytes, std::shared_ptr<const QueueInsertHint> queues = nullptr);

rocksdb::DBOptions database_options();

}  // namespace killrvideo::storage::rocksdb_engine
