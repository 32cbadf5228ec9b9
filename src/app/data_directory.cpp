#include "app/data_directory.hpp"

#include "app/schema.hpp"
#include "storage/claims.hpp"
#include "storage/rocksdb/engine.hpp"

namespace killrvideo {
namespace {

namespace fs = std::filesystem;

void make_data_directory(const fs::path& directory) {
  std::error_code error;
  if (fs::create_directories(directory, error))
    fs::permissions(directory, fs::perms::owner_all, error);
  if (error)
    throw Error(Code::failed_precondition,
                "cannot make the data directory " + directory.string() + ": " + error.message());
}

}  // namespace

fs::path store_directory(const Config& config) { return config.data_dir / "store"; }

fs::path admin_socket(const Config& config) { return config.data_dir / "admin.sock"; }

std::unique_ptr<storage::Store> open_store(const Config& config, StoreMetrics& metrics) {
  if (config.store == StoreEngine::cassandra)
    throw Error(Code::failed_precondition,
                "the store cassandra is not built yet; use --store rocksdb");
  make_data_directory(config.data_dir);
  storage::rocksdb_engine::Options options;
  options.block_cache_bytes = config.block_cache_bytes;
  options.writer.queue = config.write_queue;
  options.observer = [&metrics](std::size_t group, std::size_t waiting, std::chrono::nanoseconds) {
    metrics.writer_group_size.observe(group);
    metrics.writer_queue_depth.store(static_cast<std::int64_t>(waiting), std::memory_order_relaxed);
  };
  auto store =
      storage::rocksdb_engine::open_store(store_directory(config), schema(), options, &metrics);
  // This process alone has the directory open, so whatever is claimed was claimed by the dead.
  run(storage::drop_all_claims(*store, Context{}));
  return store;
}

}  // namespace killrvideo
