// The embedded engine: the tables of the mapper in one RocksDB database.
//
// Rows live in one column family, counters in another; keys.hpp and rows.hpp describe the formats.
// Reads happen in place in the calling thread; writes go through the GroupWriter.
#pragma once

#include <rocksdb/db.h>

#include <filesystem>
#include <memory>

#include "storage/engine.hpp"
#include "storage/rocksdb/schema_catalog.hpp"
#include "storage/rocksdb/writer.hpp"
#include "storage/schema.hpp"

namespace killrvideo::storage::rocksdb_engine {

struct Options {
  std::size_t block_cache_bytes = 64 << 20;
  GroupWriter::Limits writer{};
  GroupWriter::Observer observer{};
};

class RocksEngine : public Engine {
 public:
  /// Opens a directory for reading and writing, and creates it if it is missing; one process can
  /// have it open. Adds the schema's tables and columns; open_store() runs the migrations. Throws
  /// failed_precondition (in use, newer or contradicting schema, files damaged or missing),
  /// resource_exhausted (disk full), internal (catalog unreadable), unavailable (any other
  /// failure); the data is then unchanged.
  static std::unique_ptr<RocksEngine> open(const std::filesystem::path& directory,
                                           const Schema& schema, Options options);

  /// Opens a snapshot of an existing directory for reading, even while another process writes to
  /// it. Writing throws. Throws failed_precondition (no store, files damaged or missing, or
  /// replaced by the other process in every try).
  static std::unique_ptr<RocksEngine> open_read_only(const std::filesystem::path& directory,
                                                     const Schema& schema);

  ~RocksEngine() override;

  EngineTraits traits() const override { return {.shared = false, .batches_appear_whole = true}; }

  Task<void> get(const Context& context, const TableInfo& table, std::span<const Values> keys,
                 const KeyedRowSink& sink) override;
  Task<std::string> slice(const Context& context, const TableInfo& table,
                          const RawSliceQuery& query, const RowSink& sink) override;
  Task<std::string> scan(const Context& context, const TableInfo& table, const std::string& state,
                         std::size_t size, const RowSink& sink) override;
  Task<void> commit(const Context& context, std::vector<Mutation> mutations) override;
  Task<bool> commit_if(const Context& context, Mutation mutation, Condition condition,
                       const RowSink& existing) override;

  /// Merges all files into as few as possible; reading and writing continue meanwhile. Throws
  /// Error.
  void compact() override;

  /// Makes a consistent copy in `target`, which must not exist, by hard links if the file system
  /// allows. Reading and writing may continue meanwhile.
  void checkpoint(const std::filesystem::path& target) override;

  /// The same for a directory that no process has open. Adds no table or column and runs no
  /// migration, whatever version wrote the directory. Throws as open() does.
  static void copy(const std::filesystem::path& directory, const std::filesystem::path& target);

  /// The schema version of the data, and its record after a migration.
  int schema_version() const { return version_; }
  void record_schema_version(int version);

  /// Reads everything and compares checksums. Throws internal if something is damaged.
  void verify();

 private:
  struct Handles;

  RocksEngine(std::unique_ptr<Handles> handles, const Schema& schema, bool writable,
              Options options);

  static std::unique_ptr<Handles> open_handles(const std::filesystem::path& directory,
                                               std::size_t block_cache_bytes);
  rocksdb::ColumnFamilyHandle* family(const TableInfo& table) const;
  void pass_on(const TableInfo& table, std::span<const Values> keys,
               std::span<const rocksdb::Status> statuses,
               std::span<const rocksdb::PinnableSlice> values, const KeyedRowSink& sink) const;
  std::string read_rows(const TableInfo& table, const std::string& prefix, const std::string& start,
                        bool after_start, std::size_t size, const RowSink& sink) const;
  WriteOperation operation(const Mutation& mutation) const;
  bool holds(const Mutation& mutation, const Condition& condition, const std::string& key,
             const RowSink& existing) const;

  std::unique_ptr<Handles> handles_;
  SchemaCatalog catalog_;
  int version_;
  std::unique_ptr<GroupWriter> writer_;  // last: destroyed before the database
};

/// Opens a directory with open() and brings its data to the schema's version. `metrics`: see Store.
std::unique_ptr<Store> open_store(const std::filesystem::path& directory, const Schema& schema,
                                  Options options, StoreMetrics* metrics = nullptr);

}  // namespace killrvideo::storage::rocksdb_engine
