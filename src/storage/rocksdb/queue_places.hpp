// Where the rows of queues go in memory.
//
// Events come in the order of their ids and go soon after, so that the place of a row is near that
// of the row before in its partition. RocksDB begins its search there instead of at the root if it
// knows which rows belong together. It keeps some 250 bytes for each partition, so this is only for
// queues with few: those that numbers name, such as a shard and a minute.
#pragma once

#include <rocksdb/slice_transform.h>

#include <unordered_map>

#include "storage/rocksdb/keys.hpp"

namespace killrvideo::storage::rocksdb_engine {

class QueuePlaces : public rocksdb::SliceTransform {
 public:
  /// Tells of a table; those that are no such queue are ignored. REQUIRES: no row is being written.
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
