#include "storage/rocksdb/queue_insert_hint.hpp"

#include <algorithm>

namespace killrvideo::storage::rocksdb_engine {

void QueueInsertHint::add(TableNumber number, const TableInfo& table) {
  const bool few_partitions =
      std::ranges::all_of(table.columns.begin(),
                          table.columns.begin() + static_cast<std::ptrdiff_t>(table.partition_size),
                          [](const ColumnInfo& column) { return column.type == Type::integer; });
  if (table.access == AccessPattern::queue && few_partitions) queues_[number] = &table;
}

rocksdb::Slice QueueInsertHint::Transform(const rocksdb::Slice& key) const {
  return {key.data(), partition_length(*table_of(key), key.ToStringView())};
}

const TableInfo* QueueInsertHint::table_of(const rocksdb::Slice& key) const {
  if (key.size() < table_number_size) return nullptr;
  const auto found = queues_.find(get_big_endian<TableNumber>(key.data()));
  return found == queues_.end() ? nullptr : found->second;
}

}  // namespace killrvideo::storage::rocksdb_engine
