#include "app/backup.hpp"

#include "app/data_directory.hpp"
#include "app/schema.hpp"
#include "common/durable.hpp"
#include "common/file_status.hpp"
#include "storage/rocksdb/engine.hpp"
#include "storage/rocksdb/file_inventory.hpp"

namespace killrvideo {
namespace {

namespace fs = std::filesystem;
using storage::rocksdb_engine::FileInventory;
using storage::rocksdb_engine::RocksEngine;

void copy_durably(const fs::path& source, const fs::path& target) {
  fs::create_directories(target);
  for (const auto& entry : fs::directory_iterator(source)) {
    if (!entry.is_regular_file()) continue;
    fs::path copy = target / entry.path().filename();
    fs::copy_file(entry.path(), copy);
    sync_to_disk(copy);
  }
  sync_to_disk(target);
}

std::string paths_of(const fs::filesystem_error& error) {
  const auto& to = error.path2();
  return error.path1().string() + (to.empty() ? "" : " to " + to.string());
}

void check_target(const fs::path& target) {
  if (!target.is_absolute()) throw invalid("target", "must be an absolute path");
  if (fs::exists(status_of(target))) throw invalid("target", target.string() + " exists already");
  if (!fs::is_directory(status_of(target.parent_path())))
    throw invalid("target", "there is no directory " + target.parent_path().string());
}

// Reads all of it. One that has lost the record of its files could lack some unnoticed.
void verify(const fs::path& backup) {
  auto engine = RocksEngine::open_read_only(backup, schema());
  if (!FileInventory(backup).exist())
    throw Error(Code::failed_precondition,
                "the backup in " + backup.string() + " has lost the list of what is in it");
  engine->verify();
}

}  // namespace

void backup(storage::Store& store, const fs::path& target) {
  check_target(target);
  store.engine().checkpoint(target);
}

void backup(const Config& config, const fs::path& target) {
  check_target(target);
  RocksEngine::copy(store_directory(config), target);
}

void restore(const fs::path& source, const Config& config) try {
  fs::path store = store_directory(config);
  if (fs::exists(status_of(store)) && !fs::is_empty(store))
    throw Error(Code::failed_precondition,
                config.data_dir.string() + " has data already; restore into another directory");
  verify(source);
  make_data_directory(config);
  fs::path unfinished = store;
  unfinished += ".restoring";
  fs::remove_all(unfinished);
  try {
    copy_durably(source, unfinished);
    fs::remove(store);
    fs::rename(unfinished, store);
  } catch (...) {
    std::error_code ignored;
    fs::remove_all(unfinished, ignored);
    throw;
  }
  sync_to_disk(config.data_dir);
} catch (const fs::filesystem_error& error) {
  throw Error(Code::unavailable,
              "cannot restore: " + paths_of(error) + ": " + error.code().message());
}

}  // namespace killrvideo
