#include "storage/rocksdb/engine.hpp"

#include <rocksdb/utilities/checkpoint.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <thread>

#include "common/clock.hpp"
#include "common/file_status.hpp"
#include "storage/rocksdb/file_inventory.hpp"
#include "storage/rocksdb/log_bridge.hpp"
#include "storage/rocksdb/options.hpp"

namespace killrvideo::storage::rocksdb_engine {
namespace {

namespace fs = std::filesystem;

constexpr const char* catalog_key = "catalog";
// Pauses between tries to read files while another process replaces them.
constexpr std::chrono::milliseconds shortest_pause{10};
constexpr std::chrono::milliseconds longest_pause{160};

void check(const rocksdb::Status& status, const std::string& doing) {
  if (!status.ok()) throw to_error(status, doing);
}

rocksdb::ReadOptions reading() {
  rocksdb::ReadOptions options;
  options.ignore_range_deletions = true;  // rows are deleted one by one
  return options;
}

void make_directory(const fs::path& directory) {
  std::error_code error;
  fs::create_directories(directory, error);
  if (error)
    throw Error(Code::unavailable,
                "cannot make the directory " + directory.string() + ": " + error.message());
}

// Whether the directory has files with rows. Then no new database may be created there: if the list
// of files is missing or truncated, RocksDB sees no database, or one without column families.
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

bool lacks_permission(const rocksdb::Status& status) {
  return status.ToString().contains(std::generic_category().message(EACCES));
}

Error open_error(const fs::path& directory, const rocksdb::Status& status) {
  std::string text = status.ToString();
  if (lacks_permission(status))
    return to_error(status, "no permission to open the store in " + directory.string());
  // RocksDB's message if another process, or this one, has the lock.
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

// Throws if the list of files lacks a column family. Checked before opening: RocksDB notices only
// after it has moved the log's other rows into files.
void check_families(const fs::path& directory) {
  std::vector<std::string> names;
  auto status = rocksdb::DB::ListColumnFamilies(database_options(), directory.string(), &names);
  if (status.ok() && names.size() < families(0).size())
    status = rocksdb::Status::Corruption("column families are missing");
  if (!status.ok()) throw open_error(directory, status);
}

// Opens a snapshot of the directory, if no file is missing.
rocksdb::Status open_for_reading(const fs::path& directory,
                                 std::vector<rocksdb::ColumnFamilyHandle*>& list,
                                 rocksdb::DB*& db) {
  if (std::string missing = FileInventory(directory).missing(); !missing.empty())
    return rocksdb::Status::Corruption(missing);
  list.clear();
  return rocksdb::DB::OpenForReadOnly(database_options(), directory.string(),
                                      families(Options{}.block_cache_bytes), &list, &db);
}

// The rows of a column family from the key `lower` up to `upper`, without it.
class Range {
 public:
  Range(rocksdb::DB& db, rocksdb::ColumnFamilyHandle* family, std::string lower, std::string upper)
      : lower_(std::move(lower)), upper_(std::move(upper)) {
    rocksdb::ReadOptions options = reading();
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
  std::shared_ptr<FileInventory> expected;
  std::shared_ptr<QueueInsertHint> queues;
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

  void copy_to(const fs::path& target) const {
    std::error_code error;
    if (fs::exists(target, error))
      throw Error(Code::unavailable, "cannot write a backup: " + target.string() + " exists");
    rocksdb::Checkpoint* raw = nullptr;
    check(rocksdb::Checkpoint::Create(db.get(), &raw), "cannot begin a backup");
    std::unique_ptr<rocksdb::Checkpoint> checkpoint(raw);
    // The copy gets its name when it is complete, with its inventory.
    fs::path unfinished = target;
    unfinished += ".unfinished";
    check(checkpoint->CreateCheckpoint(unfinished.string()),
          "cannot write a backup to " + unfinished.string());
    try {
      FileInventory(unfinished).copied();
      fs::rename(unfinished, target);
    } catch (const std::exception& reason) {
      fs::remove_all(unfinished, error);
      throw Error(Code::unavailable,
                  "cannot write a backup to " + target.string() + ": " + reason.what());
    }
  }

  // Flushes memory to files, so that the next start need not replay the log. If this fails, it
  // replays it.
  void flush() const {
    if (db->Flush({}, {meta, rows, counters}).ok()) expected->flushed(*db);
  }

  void write_catalog(const std::string& record) const {
    rocksdb::WriteOptions synced;
    synced.sync = true;
    check(db->Put(synced, meta, catalog_key, record), "cannot write the store's catalog");
  }
};

std::unique_ptr<RocksEngine::Handles> RocksEngine::open_handles(const fs::path& directory,
                                                                std::size_t block_cache_bytes) {
  auto expected = std::make_shared<FileInventory>(directory);
  if (std::string missing = expected->missing(); !missing.empty())
    throw open_error(directory, rocksdb::Status::Corruption(missing));
  const bool is_new = !holds_rows(directory);
  if (!is_new) check_families(directory);
  auto database = database_options();
  database.listeners.push_back(expected);
  database.create_if_missing = database.create_missing_column_families = is_new;
  auto handles = std::make_unique<Handles>();
  handles->queues = std::make_shared<QueueInsertHint>();
  rocksdb::DB* db = nullptr;
  std::vector<rocksdb::ColumnFamilyHandle*> list;
  rocksdb::Status status = rocksdb::DB::Open(
      database, directory.string(), families(block_cache_bytes, handles->queues), &list, &db);
  if (!status.ok()) throw open_error(directory, status);
  handles->adopt(db, list);
  expected->opened(*db);
  handles->expected = std::move(expected);
  return handles;
}

std::unique_ptr<RocksEngine> RocksEngine::open(const fs::path& directory, const Schema& schema,
                                               Options options) {
  make_directory(directory);
  auto handles = open_handles(directory, options.block_cache_bytes);
  return std::unique_ptr<RocksEngine>(
      new RocksEngine(std::move(handles), schema, true, std::move(options)));
}

std::unique_ptr<RocksEngine> RocksEngine::open_read_only(const fs::path& directory,
                                                         const Schema& schema) {
  if (!fs::exists(status_of(directory / "CURRENT")))
    throw Error(Code::failed_precondition, "there is no store in " + directory.string());
  auto handles = std::make_unique<Handles>();
  rocksdb::DB* db = nullptr;
  std::vector<rocksdb::ColumnFamilyHandle*> list;
  rocksdb::Status status = open_for_reading(directory, list, db);
  // A process that writes may delete a file between our reading of the list and our opening it.
  for (auto pause = shortest_pause;
       !status.ok() && !lacks_permission(status) && pause <= longest_pause; pause *= 2) {
    std::this_thread::sleep_for(pause);
    status = open_for_reading(directory, list, db);
  }
  if (lacks_permission(status)) throw open_error(directory, status);
  if (!status.ok())
    throw Error(Code::failed_precondition,
                "the store in " + directory.string() + " cannot be read (" + status.ToString() +
                    "); beside a busy server, try again; else it is damaged, restore it from a "
                    "backup");
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
  for (const TableInfo* table : schema.tables)
    handles_->queues->add(catalog_.of(*table).number, *table);
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
  if (keys.size() == 1) {
    rocksdb::PinnableSlice value;
    rocksdb::Status status = handles_->db->Get(
        reading(), family(table), make_key(catalog_.of(table).number, table, keys[0]), &value);
    pass_on(table, keys, {&status, 1}, {&value, 1}, sink);
    co_return;
  }
  std::vector<std::string> encoded;
  encoded.reserve(keys.size());
  for (const Values& key : keys) encoded.push_back(make_key(catalog_.of(table).number, table, key));
  const std::vector<rocksdb::Slice> slices(encoded.begin(), encoded.end());
  std::vector<rocksdb::PinnableSlice> values(keys.size());
  std::vector<rocksdb::Status> statuses(keys.size());
  handles_->db->MultiGet(reading(), family(table), slices.size(), slices.data(), values.data(),
                         statuses.data());
  pass_on(table, keys, statuses, values, sink);
}

// Passes the rows that were found by their keys to the sink.
void RocksEngine::pass_on(const TableInfo& table, std::span<const Values> keys,
                          std::span<const rocksdb::Status> statuses,
                          std::span<const rocksdb::PinnableSlice> values,
                          const KeyedRowSink& sink) const {
  const RowLayout& layout = catalog_.of(table).layout;
  const Timestamp time = now();
  std::vector<Cell> cells(table.columns.size());
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (statuses[i].IsNotFound()) continue;
    check(statuses[i], "cannot read " + table.name);
    std::ranges::fill(cells, Cell{});
    keys[i].each([&](std::size_t column, Cell cell) { cells[column] = cell; });
    if (decode_row(layout, values[i].ToStringView(), cells, time)) sink(i, cells);
  }
}

// Passes up to `size` rows whose keys begin with `prefix`, from `start` on, to the sink; returns
// the last one's key if more follow.
std::string RocksEngine::read_rows(const TableInfo& table, const std::string& prefix,
                                   const std::string& start, bool after_start, std::size_t size,
                                   const RowSink& sink) const {
  const StoredTable& stored = catalog_.of(table);
  Range rows(*handles_->db, family(table), prefix, end_of_prefix(prefix));
  rows->Seek(start);
  if (after_start && rows->Valid() && rows->key() == rocksdb::Slice(start)) rows->Next();
  std::vector<Cell> cells(table.columns.size());
  std::string last, key;
  const Timestamp time = now();
  for (std::size_t count = 0; rows->Valid(); rows->Next()) {
    std::ranges::fill(cells, Cell{});
    parse_key(table, rows->key().ToStringView(), key, cells);
    if (!decode_row(stored.layout, rows->value().ToStringView(), cells, time)) continue;
    if (count == size) return last;
    sink(cells);
    if (++count == size) last = rows->key().ToString();
  }
  check(rows->status(), "cannot read " + table.name);
  return {};
}

Task<std::string> RocksEngine::slice(const Context&, const TableInfo& table,
                                     const RawSliceQuery& query, const RowSink& sink) {
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

WriteOperation RocksEngine::operation(const Mutation& mutation) const {
  const TableInfo& table = *mutation.table;
  const StoredTable& stored = catalog_.of(table);
  WriteOperation operation{
      WriteOperation::Kind::put, family(table), make_key(stored.number, table, mutation.key), {}};
  if (mutation.kind == Mutation::Kind::remove) {
    operation.kind = WriteOperation::Kind::remove;
    return operation;
  }
  bool whole_row = mutation.kind == Mutation::Kind::insert;
  if (!whole_row) operation.kind = WriteOperation::Kind::merge;
  bool expires = whole_row && table.ttl.count() > 0;
  operation.value = encode_row(stored.layout, mutation, expires ? now() + table.ttl : Timestamp{});
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
  rocksdb::Status status = handles_->db->Get(reading(), family(table), key, &value);
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

void RocksEngine::compact() {
  for (auto* family : {handles_->rows, handles_->counters})
    check(handles_->db->CompactRange({}, family, nullptr, nullptr), "cannot compact the store");
}

void RocksEngine::checkpoint(const fs::path& target) { handles_->copy_to(target); }

void RocksEngine::copy(const fs::path& directory, const fs::path& target) {
  if (!fs::exists(status_of(directory)) || !holds_rows(directory))
    throw Error(Code::failed_precondition, "there is no store in " + directory.string());
  auto handles = open_handles(directory, Options{}.block_cache_bytes);
  handles->copy_to(target);
  handles->flush();
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
