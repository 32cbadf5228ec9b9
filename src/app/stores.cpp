#include "app/stores.hpp"

#include <thread>

#include "app/cassandra_store.hpp"
#include "app/data_directory.hpp"
#include "common/file_status.hpp"
#include "common/log.hpp"

namespace killrvideo {
namespace {

constexpr std::chrono::seconds repeat_interval{1};

// What a cluster whose nodes come one after the other, or are overrun, answers for a while.
bool is_passing(Code code) {
  return code == Code::unavailable || code == Code::resource_exhausted || code == Code::aborted;
}

}  // namespace

std::unique_ptr<storage::Store> open_store(const Config& config, StoreMetrics& metrics) {
  return config.store == StoreEngine::cassandra ? open_cassandra_store(config, metrics)
                                                : open_store_in_directory(config, metrics);
}

std::unique_ptr<storage::Store> open_existing_store(const Config& config, StoreMetrics& metrics) {
  if (config.store == StoreEngine::rocksdb && !exists(status_of(store_directory(config))))
    throw Error(Code::failed_precondition, "there is no store in " + config.data_dir.string());
  return open_store(config, metrics);
}

std::unique_ptr<storage::Store> open_store(const Config& config, Operations& operations,
                                           const std::function<bool()>& give_up) {
  return config.store == StoreEngine::cassandra
             ? wait_for_cassandra_store(config, operations, give_up)
             : open_store_in_directory(config, operations.metrics().store());
}

bool wait_for_cluster(Operations& operations, const std::function<bool()>& give_up,
                      const std::function<void()>& work) {
  std::string told;
  while (!give_up()) {
    try {
      work();
      return true;
    } catch (const Error& error) {
      if (!is_passing(error.code())) throw;
      if (told != error.what())
        log::warn("the cluster cannot be used yet", {{"error", error.what()}});
      told = error.what();
      operations.not_ready("waiting for " + std::string(error.what()));
      std::this_thread::sleep_for(repeat_interval);
    }
  }
  return false;
}

bool wait_for_store(storage::Store& store, Operations& operations,
                    const std::function<bool()>& give_up, const std::function<void()>& work) {
  if (store.engine().traits().shared) return wait_for_cluster(operations, give_up, work);
  if (give_up()) return false;
  work();
  return true;
}

std::unique_ptr<storage::Store> open_store_for_reading(const Config& config) {
  return config.store == StoreEngine::cassandra ? open_cassandra_store_for_reading(config)
                                                : open_directory_for_reading(config);
}

}  // namespace killrvideo
