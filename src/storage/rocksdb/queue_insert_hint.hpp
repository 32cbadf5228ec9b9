// A hint that tells RocksDB where to insert the rows of queues in memory.
//
// The rows of a partition are inserted in the order of their keys and removed soon after, so the
// insert position of a row is near that of the row before. RocksDB starts its search there instead
// of at the root if it knows which rows belong to one partition. It keeps some 250 bytes for each
// partition, so the hint is given only for queues with few partitions: those whose partition key
// consists of integers, such as a shard and a minute.
#pragma once

#include <rocksdb/slice_transform.h>

#include <unordered_map>

#include "storage/rocksdb/keys.hpp"

namespace killrvideo::storage::rocksdb_engine {

class QueueInsertHint : public rocksdb::SliceTransform {
 public:
  /// Adds a table; ignores it unless it is such a queue. REQUIRES: no row is being written.
  void add(TableNumber number, const TableInfo& table);

  const char* Name() const override { return "killrvideo.queues"; }
  bool InDomain(const rocksdb::Slice& key) const override { return table_of(key) != nullptr; }
  /// The part of the key that names the partition.
  rocksdb::Slice Transform(const rocksdb::Slice& key) const override;

 private:
  const TableInfo* table_of(const rocksdb::Slice& key) const;

  std::unordered_map<TableNumber, const TableInfo*> queues_;
};

}  // namespace killrvideo::storage::rocksdb_engine
