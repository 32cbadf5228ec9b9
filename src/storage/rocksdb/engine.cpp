#include "storage/rocksdb/engine.hpp"

#include <rocksdb/cache.h>
#include <rocksdb/convenience.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/table.h>
#include <rocksdb/utilities/checkpoint.h>

#include <algorithm>

#include "common/clock.hpp"
#include "storage/rocksdb/log_bridge.hpp"

namespace killrvideo::storage::rocksdb_engine {
namespace {

namespace fs = std::filesystem;

constexpr const char* catalog_key = "catalog";
constexpr std::size_t write_buffer_bytes = 32 << 20;
// Every addition to a counter looks up the ones before it, which is quicker among few.
constexpr std::size_t counters_write_buffer_bytes = 4 << 20;
constexpr std::size_t wal_bytes = 64 << 20;  // bounds the replay after a crash
constexpr double memtable_bloom_ratio = 0.05;
constexpr double bloom_bits_per_key = 10;
// Reading a row costs time for every update that waits to be merged into it.
constexpr std::size_t most_waiting_merges = 16;

void check(const rocksdb::Status& status, const std::string& doing) {
  if (!status.ok()) throw to_error(status, doing);
}

class ExpiryFilterFactory : public rocksdb::CompactionFilterFactory {
 public:
  const char* Name() const override { return "killrvideo.expiry"; }
  std::unique_ptr<rocksdb::CompactionFilter> CreateCompactionFilter(
      const rocksdb::CompactionFilter::Context&) override {
    return make_expiry_filter();
  }
};

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
  options.compression = rocksdb::kLZ4Compression;
  options.write_buffer_size = write_buffer_bytes;
  // Creating things begins with a look whether they are there; mostly they are not.
  options.memtable_prefix_bloom_size_ratio = memtable_bloom_ratio;
  options.memtable_whole_key_filtering = true;
  options.max_successive_merges = most_waiting_merges;
  return options;
}

std::vector<rocksdb::ColumnFamilyDescriptor> families(std::size_t block_cache_bytes) {
  auto cache = rocksdb::NewLRUCache(block_cache_bytes);
  auto rows = family_options(cache);
  rows.merge_operator = make_row_merger();
  rows.compaction_filter_factory = std::make_shared<ExpiryFilterFactory>();
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
  // A torn record at the end of the log is what a crash leaves; damage anywhere else must be told.
  options.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  options.track_and_verify_wals_in_manifest = true;
  return options;
}

void make_directory(const fs::path& directory) {
  std::error_code error;
  fs::create_directories(directory, error);
  if (error)
    throw Error(Code::unavailable,
                "cannot make the directory " + directory.string() + ": " + error.message());
}

// Whether the directory has files with rows. Nothing may be created anew beside them: where the
// list of files is gone or cut short, RocksDB sees no database, or one without column families.
bool holds_rows(const fs::path& directory) {
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(directory, error)) {
    auto extension = entry.path().extension();
    if (extension == ".sst" || (extension == ".log" && entry.file_size(error) > 0)) return true;
  }
  if (error)
    throw Error(Code::unavailable, "cannot read " + directory.string() + ": " + error.message());
  return false;
}

Error open_error(const fs::path& directory, const rocksdb::Status& status) {
  std::string text = status.ToString();
  // What RocksDB says if another process, or this one, has the lock.
  if (text.contains("While lock file") || text.contains("lock hold by current process"))
    return Error(Code::failed_precondition,
                 directory.string() + " is in use by another killrvideo process");
  if (status.IsCorruption() || status.IsInvalidArgument() || status.IsPathNotFound() ||
      status.IsNotFound())
    return Error(Code::failed_precondition, "the store in " + directory.string() + " is damaged (" +
                                                text +
                                                "); nothing was changed; restore it from a backup");
  return to_error(status, "cannot open the store in " + directory.string());
}

// Throws if the list of files has lost a column family. Asked before opening: RocksDB finds out
// only after it has moved the log's other rows into files.
void check_families(const fs::path& directory) {
  std::vector<std::string> names;
  auto status = rocksdb::DB::ListColumnFamilies(database_options(), directory.string(), &names);
  if (status.ok() && names.size() < families(0).size())
    status = rocksdb::Status::Corruption("column families are missing");
  if (!status.ok()) throw open_error(directory, status);
}

// The rows of a column family from the key `lower` up to `upper`, without it.
class Range {
 public:
  Range(rocksdb::DB& db, rocksdb::ColumnFamilyHandle* family, std::string lower, std::string upper)
      : lower_(std::move(lower)), upper_(std::move(upper)) {
    rocksdb::ReadOptions options;
    options.iterate_lower_bound = &lower_bound_;
    options.iterate_upper_bound = &upper_bound_;
    rows_.reset(db.NewIterator(options, family));
  }

  Range(const Range&) = delete;  // the iterator refers to the bounds

  rocksdb::Iterator* operator->() const { return rows_.get(); }

 private:
  const std::string lower_;
  const std::string upper_;
  const rocksdb::Slice lower_bound_{lower_};
  const rocksdb::Slice upper_bound_{upper_};
  std::unique_ptr<rocksdb::Iterator> rows_;
};

}  // namespace

struct RocksEngine::Handles {
  std::unique_ptr<rocksdb::DB> db;
  rocksdb::ColumnFamilyHandle* meta = nullptr;
  rocksdb::ColumnFamilyHandle* rows = nullptr;
  rocksdb::ColumnFamilyHandle* counters = nullptr;

  ~Handles() {
    if (!db) return;
    for (auto* handle : {meta, rows, counters})
      if (handle) db->DestroyColumnFamilyHandle(handle);
    db->Close();
  }

  void adopt(rocksdb::DB* opened, const std::vector<rocksdb::ColumnFamilyHandle*>& list) {
    db.reset(opened);
    static_cast<LogBridge&>(*db->GetDBOptions().info_log).opened();
    meta = list[0];
    rows = list[1];
    counters = list[2];
  }

  std::optional<std::string> catalog() const {
    std::string record;
    rocksdb::Status status = db->Get({}, meta, catalog_key, &record);
    if (status.IsNotFound()) return std::nullopt;
    check(status, "cannot read the store's catalog");
    return record;
  }

  // Moves what is in memory into files, so that the next start need not read it from the log. If
  // this fails, it will.
  void flush() const { db->Flush({}, {meta, rows, counters}).PermitUncheckedError(); }

  void write_catalog(const std::string& record) const {
    rocksdb::WriteOptions synced;
    synced.sync = true;
    check(db->Put(synced, meta, catalog_key, record), "cannot write the store's catalog");
  }
};

std::unique_ptr<RocksEngine> RocksEngine::open(const fs::path& directory, const Schema& schema,
                                               Options options) {
  make_directory(directory);
  const bool is_new = !holds_rows(directory);
  if (!is_new) check_families(directory);
  auto database = database_options();
  database.create_if_missing = database.create_missing_column_families = is_new;
  auto handles = std::make_unique<Handles>();
  rocksdb::DB* db = nullptr;
  std::vector<rocksdb::ColumnFamilyHandle*> list;
  rocksdb::Status status = rocksdb::DB::Open(database, directory.string(),
                                             families(options.block_cache_bytes), &list, &db);
  if (!status.ok()) throw open_error(directory, status);
  handles->adopt(db, list);
  return std::unique_ptr<RocksEngine>(
      new RocksEngine(std::move(handles), schema, true, std::move(options)));
}

std::unique_ptr<RocksEngine> RocksEngine::open_read_only(const fs::path& directory,
                                                         const Schema& schema) {
  std::error_code error;
  if (!fs::exists(directory / "CURRENT", error))
    throw Error(Code::failed_precondition, "there is no store in " + directory.string());
  auto handles = std::make_unique<Handles>();
  rocksdb::DB* db = nullptr;
  std::vector<rocksdb::ColumnFamilyHandle*> list;
  rocksdb::Status status;
  // A process that writes may delete a file between our reading of the list and our opening it.
  for (int attempt = 0; attempt < 5; ++attempt) {
    list.clear();
    status = rocksdb::DB::OpenForReadOnly(database_options(), directory.string(),
                                          families(Options{}.block_cache_bytes), &list, &db);
    if (status.ok()) break;
  }
  if (!status.ok()) throw open_error(directory, status);
  handles->adopt(db, list);
  return std::unique_ptr<RocksEngine>(
      new RocksEngine(std::move(handles), schema, false, Options{}));
}

RocksEngine::RocksEngine(std::unique_ptr<Handles> handles, const Schema& schema, bool writable,
                         Options options)
    : handles_(std::move(handles)),
      catalog_(handles_->catalog(), schema),
      version_(catalog_.version()) {
  if (!writable) return;
  std::string record = catalog_.record(version_);
  if (handles_->catalog() != record) handles_->write_catalog(record);
  writer_ =
      std::make_unique<GroupWriter>(*handles_->db, options.writer, std::move(options.observer));
}

RocksEngine::~RocksEngine() {
  if (!writer_) return;
  writer_.reset();
  handles_->flush();
}

rocksdb::ColumnFamilyHandle* RocksEngine::family(const TableInfo& table) const {
  return table.counters ? handles_->counters : handles_->rows;
}

Task<void> RocksEngine::get(const Context&, const TableInfo& table, std::span<const Values> keys,
                            const KeyedRowSink& sink) {
  const Placement& placement = catalog_.of(table);
  std::vector<Cell> cells(table.columns.size());
  for (std::size_t i = 0; i < keys.size(); ++i) {
    rocksdb::PinnableSlice value;
    rocksdb::Status status =
        handles_->db->Get({}, family(table), make_key(placement.number, table, keys[i]), &value);
    if (status.IsNotFound()) continue;
    check(status, "cannot read " + table.name);
    std::ranges::fill(cells, Cell{});
    keys[i].each([&](std::size_t column, Cell cell) { cells[column] = cell; });
    if (decode_row(placement.layout, value.ToStringView(), cells, now())) sink(i, cells);
  }
  co_return;
}

// Passes up to `size` rows whose keys begin with `prefix`, from `start` on, to the sink; returns
// the last one's key if more follow.
std::string RocksEngine::read_rows(const TableInfo& table, const std::string& prefix,
                                   const std::string& start, bool after_start, std::size_t size,
                                   const RowSink& sink) const {
  const Placement& placement = catalog_.of(table);
  Range rows(*handles_->db, family(table), prefix, end_of_prefix(prefix));
  rows->Seek(start);
  if (after_start && rows->Valid() && rows->key() == rocksdb::Slice(start)) rows->Next();
  std::vector<Cell> cells(table.columns.size());
  std::string last;
  const Timestamp time = now();
  for (std::size_t count = 0; rows->Valid(); rows->Next()) {
    std::ranges::fill(cells, Cell{});
    Values key = parse_key(table, rows->key().ToStringView());
    key.each([&](std::size_t column, Cell cell) { cells[column] = cell; });
    if (!decode_row(placement.layout, rows->value().ToStringView(), cells, time)) continue;
    if (count == size) return last;
    sink(cells);
    if (++count == size) last = rows->key().ToString();
  }
  check(rows->status(), "cannot read " + table.name);
  return {};
}

Task<std::string> RocksEngine::page(const Context&, const TableInfo& table, const PageQuery& query,
                                    const RowSink& sink) {
  std::string prefix = make_key(catalog_.of(table).number, table, query.partition);
  std::string start = prefix;
  if (query.state.empty()) {
    append_key(table, table.partition_size, query.from, start);
  } else {
    start += query.state;
  }
  std::string last = read_rows(table, prefix, start, !query.state.empty(), query.size, sink);
  co_return last.empty() ? last : last.substr(prefix.size());
}

Task<std::string> RocksEngine::scan(const Context&, const TableInfo& table,
                                    const std::string& state, std::size_t size,
                                    const RowSink& sink) {
  std::string prefix = make_key(catalog_.of(table).number, table, {});
  std::string last = read_rows(table, prefix, prefix + state, !state.empty(), size, sink);
  co_return last.empty() ? last : last.substr(prefix.size());
}

Task<std::vector<std::string>> RocksEngine::partitions_before(const Context&,
                                                              const TableInfo& table,
                                                              const std::string& before,
                                                              std::size_t limit) {
  std::string prefix = make_key(catalog_.of(table).number, table, {});
  std::string upper = end_of_prefix(prefix);
  if (!before.empty()) {
    Values partition;
    partition.append(before);
    upper = make_key(catalog_.of(table).number, table, partition);
  }
  Range rows(*handles_->db, family(table), prefix, upper);
  std::vector<std::string> partitions;
  for (rows->SeekToLast(); rows->Valid() && partitions.size() < limit;) {
    std::string_view key = rows->key().ToStringView();
    parse_key(table, key).each([&](std::size_t column, Cell cell) {
      if (column == 0) partitions.emplace_back(cell);
    });
    std::string partition(key.substr(0, partition_length(table, key)));
    rows->SeekForPrev(partition);
    if (rows->Valid() && rows->key() == partition) rows->Prev();  // there is no clustering key
  }
  check(rows->status(), "cannot read " + table.name);
  co_return partitions;
}

WriteOperation RocksEngine::operation(const Mutation& mutation) const {
  const TableInfo& table = *mutation.table;
  const Placement& placement = catalog_.of(table);
  WriteOperation operation{WriteOperation::Kind::put,
                           family(table),
                           make_key(placement.number, table, mutation.key),
                           {}};
  if (mutation.kind == Mutation::Kind::remove) {
    operation.kind = WriteOperation::Kind::remove;
    return operation;
  }
  if (mutation.kind == Mutation::Kind::update && table.ttl.count() > 0)
    throw Error(Code::internal, table.name + ": rows that expire are not updated");
  bool whole_row = mutation.kind == Mutation::Kind::insert;
  if (!whole_row) operation.kind = WriteOperation::Kind::merge;
  bool expires = whole_row && table.ttl.count() > 0;
  operation.value =
      encode_row(placement.layout, mutation, expires ? now() + table.ttl : Timestamp{});
  return operation;
}

Task<void> RocksEngine::commit(const Context& context, std::vector<Mutation> mutations) {
  if (!writer_) throw Error(Code::failed_precondition, "the store was opened for reading");
  std::vector<WriteOperation> operations;
  operations.reserve(mutations.size());
  for (const Mutation& mutation : mutations) operations.push_back(operation(mutation));
  co_await writer_->write(context, std::move(operations), std::nullopt);
}

Task<bool> RocksEngine::commit_if(const Context& context, Mutation mutation, Condition condition,
                                  const RowSink& existing) {
  if (!writer_) throw Error(Code::failed_precondition, "the store was opened for reading");
  std::vector<WriteOperation> operations{operation(mutation)};
  std::string key = operations.front().key;
  WriteCondition check_first{key, [&, key] { return holds(mutation, condition, key, existing); }};
  bool applied = co_await writer_->write(context, std::move(operations), std::move(check_first));
  co_return applied;
}

bool RocksEngine::holds(const Mutation& mutation, const Condition& condition,
                        const std::string& key, const RowSink& existing) const {
  const TableInfo& table = *mutation.table;
  std::string value;
  rocksdb::Status status = handles_->db->Get({}, family(table), key, &value);
  std::vector<Cell> cells(table.columns.size());
  bool exists = status.ok() && decode_row(catalog_.of(table).layout, value, cells, now());
  if (!status.IsNotFound()) check(status, "cannot read " + table.name);
  mutation.key.each([&](std::size_t column, Cell cell) { cells[column] = cell; });
  if (!condition.column) {
    if (exists) existing(cells);
    return !exists;
  }
  bool equal = false;
  condition.expected.each([&](std::size_t, Cell expected) {
    Cell actual = cells[*condition.column];
    equal = exists && is_null(actual) == is_null(expected) && actual == expected;
  });
  return equal;
}

void RocksEngine::checkpoint(const fs::path& target) {
  rocksdb::Checkpoint* raw = nullptr;
  check(rocksdb::Checkpoint::Create(handles_->db.get(), &raw), "cannot begin a backup");
  std::unique_ptr<rocksdb::Checkpoint> checkpoint(raw);
  check(checkpoint->CreateCheckpoint(target.string()),
        "cannot write a backup to " + target.string());
}

void RocksEngine::record_schema_version(int version) {
  handles_->write_catalog(catalog_.record(version));
  version_ = version;
}

void RocksEngine::verify() { check(handles_->db->VerifyChecksum(), "the store is damaged"); }

std::unique_ptr<Store> open_store(const fs::path& directory, const Schema& schema, Options options,
                                  StoreMetrics* metrics) {
  auto engine = RocksEngine::open(directory, schema, std::move(options));
  RocksEngine& rocks = *engine;
  auto store = std::make_unique<Store>(std::move(engine), metrics);
  for (const Migration& migration : schema.migrations) {
    if (migration.version <= rocks.schema_version()) continue;
    run(migration.apply(*store));
    rocks.record_schema_version(migration.version);
  }
  return store;
}

}  // namespace killrvideo::storage::rocksdb_engine
