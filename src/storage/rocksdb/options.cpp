#include "storage/rocksdb/options.hpp"

#include <rocksdb/cache.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/table.h>

#include "storage/rocksdb/log_bridge.hpp"
#include "storage/rocksdb/rows.hpp"
#include "storage/rocksdb/writer.hpp"

namespace killrvideo::storage::rocksdb_engine {
namespace {

constexpr std::size_t write_buffer_bytes = 32 << 20;
// Every addition to a counter looks up the earlier ones, which is faster in small memory tables.
constexpr std::size_t counters_write_buffer_bytes = 4 << 20;
constexpr std::size_t wal_bytes = 64 << 20;  // bounds the replay after a crash
constexpr double memtable_bloom_ratio = 0.05;
constexpr double bloom_bits_per_key = 10;
// A read merges all pending updates of the row, so their number is limited.
constexpr std::size_t most_waiting_merges = 16;

rocksdb::ColumnFamilyOptions family_options(const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = cache;
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(bloom_bits_per_key));
  // Indices and filters stay in memory, outside of the cache: some 2 % of the data. In the cache,
  // in parts, they made reading a row a quarter slower; whole, they would not fit in its shards.
  table.cache_index_and_filter_blocks = false;
  table.data_block_index_type = rocksdb::BlockBasedTableOptions::kDataBlockBinaryAndHash;
  rocksdb::ColumnFamilyOptions options;
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  // Recently written files are soon rewritten into the levels below.
  options.compression_per_level = {rocksdb::kNoCompression, rocksdb::kNoCompression,
                                   rocksdb::kLZ4Compression};
  options.write_buffer_size = write_buffer_bytes;
  // Creating things starts with a look-up of a key that mostly does not exist.
  options.memtable_prefix_bloom_size_ratio = memtable_bloom_ratio;
  options.memtable_whole_key_filtering = true;
  options.max_successive_merges = most_waiting_merges;
  return options;
}

}  // namespace

std::vector<rocksdb::ColumnFamilyDescriptor> families(
    std::size_t block_cache_bytes, std::shared_ptr<const QueueInsertHint> queues) {
  auto cache = rocksdb::NewLRUCache(block_cache_bytes);
  auto rows = family_options(cache);
  rows.merge_operator = make_row_merger();
  // Never destroyed: RocksDB compacts to the end.
  static const auto* const expiry = make_expiry_filter().release();
  rows.compaction_filter = expiry;
  rows.memtable_insert_with_hint_prefix_extractor = std::move(queues);
  auto counters = family_options(cache);
  counters.merge_operator = make_counter_merger();
  counters.write_buffer_size = counters_write_buffer_bytes;
  return {{rocksdb::kDefaultColumnFamilyName, family_options(cache)},
          {"rows", rows},
          {"counters", counters}};
}

rocksdb::DBOptions database_options() {
  rocksdb::DBOptions options;
  options.max_total_wal_size = wal_bytes;
  options.info_log = std::make_shared<LogBridge>();
  options.listeners = {log_is_mended_by_writer()};
  options.allow_concurrent_memtable_write = false;  // one thread writes at a time
  // A crash leaves a torn record at the end of the log; damage anywhere else is an error.
  options.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  options.track_and_verify_wals_in_manifest = true;
  return options;
}

}  // namespace killrvideo::storage::rocksdb_engine
