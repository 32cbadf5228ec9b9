#include "app/data_directory.hpp"

#include "app/schema.hpp"
#include "storage/claims.hpp"
#include "storage/rocksdb/engine.hpp"

namespace killrvideo {
namespace {

namespace fs = std::filesystem;

}  // namespace

void make_data_directory(const Config& config) {
  const auto& directory = config.data_dir;
  std::error_code error;
  if (fs::create_directories(directory, error))
    fs::permissions(directory, fs::perms::owner_all, error);
  if (error)
    throw Error(Code::failed_precondition,
                "cannot make the data directory " + directory.string() + ": " + error.message());
}

fs::path store_directory(const Config& config) { return config.data_dir / "store"; }

fs::path search_directory(const Config& config) { return config.data_dir / "search"; }

fs::path admin_socket(const Config& config) { return config.data_dir / "admin.sock"; }

std::unique_ptr<storage::Store> open_store_in_directory(const Config& config,
                                                        StoreMetrics& metrics) {
  make_data_directory(config);
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

std::unique_ptr<storage::Store> open_directory_for_reading(const Config& config) {
  return std::make_unique<storage::Store>(
      storage::rocksdb_engine::RocksEngine::open_read_only(store_directory(config), schema()));
}

}  // namespace killrvideo
