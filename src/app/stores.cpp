#include "app/stores.hpp"

#include <thread>

#include "app/data_directory.hpp"
#include "app/password_file.hpp"
#include "app/registry.hpp"
#include "app/schema.hpp"
#include "common/file_status.hpp"
#include "common/log.hpp"
#include "storage/cassandra/metrics.hpp"
#include "storage/cassandra/upgrade.hpp"
#include "storage/claims.hpp"
#include "storage/rocksdb/engine.hpp"

namespace killrvideo {
namespace {

using namespace std::chrono_literals;
using storage::cassandra::GaveUp;
using storage::cassandra::KeyspaceOptions;
using storage::cassandra::Patience;
using storage::cassandra::Session;
using storage::cassandra::SessionMetrics;

constexpr auto repeat_interval = 1s;
constexpr auto command_patience = 60s;
constexpr auto look_interval = 200ms;  // at whether to give up

// What a cluster whose nodes come one after the other, or are overrun, answers for a while.
bool is_passing(Code code) {
  return code == Code::unavailable || code == Code::resource_exhausted || code == Code::aborted;
}

class For : public Context {
 public:
  explicit For(std::chrono::milliseconds time)
      : Context(0, std::chrono::system_clock::now() + time) {}
};

std::string password_of(const CassandraConfig& config) {
  const auto& username = config.session.username;
  if (!username.empty() && config.password_file.empty())
    if (auto password = process_environment("KILLRVIDEO_DSE_PASSWORD")) return *std::move(password);
  return login_password("cassandra", username, config.password_file);
}

std::unique_ptr<Session> open_session(const Config& config,
                                      std::shared_ptr<SessionMetrics> metrics) {
  auto options = config.cassandra.session;
  options.password = password_of(config.cassandra);
  if (options.contact_points.empty()) options.contact_points = look_up_cassandra(config.registry);
  return storage::cassandra::open_session(std::move(options), std::move(metrics));
}

KeyspaceOptions keyspace_of(const CassandraConfig& config) {
  return {.name = config.keyspace,
          .replication = config.replication,
          .serial_consistency = config.session.serial_consistency};
}

/// A session that is connected. Throws unavailable if the cluster does not answer soon.
std::unique_ptr<Session> connect(const Config& config) {
  auto session = open_session(config, std::make_shared<SessionMetrics>());
  run(session->connected(For(command_patience)));
  return session;
}

/// Returns whether it is connected; false if it was given up.
bool wait_for(Session& session, Operations& operations, const std::function<bool()>& give_up) {
  while (!give_up()) {
    try {
      run(session.connected(For(look_interval)));
      return true;
    } catch (const Error& error) {
      if (error.code() != Code::unavailable) throw;
      operations.not_ready("waiting for " + std::string(error.what()));
    }
  }
  return false;
}

/// wait_for_store() for a cluster.
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

std::unique_ptr<storage::Store> wait_for_cassandra(const Config& config, Operations& operations,
                                                   const std::function<bool()>& give_up) {
  const auto metrics = std::make_shared<SessionMetrics>();
  operations.metrics().add(metrics);
  const Context context;
  std::unique_ptr<storage::Store> store;
  const auto open = [&] {
    auto session = open_session(config, metrics);
    if (!wait_for(*session, operations, give_up)) return;
    operations.not_ready("opening the keyspace " + config.cassandra.keyspace);
    try {
      store = storage::cassandra::open_store(std::move(session), schema(),
                                             keyspace_of(config.cassandra), context,
                                             &operations.metrics().store(), Patience(give_up));
    } catch (const GaveUp&) {
      store = nullptr;
    }
  };
  wait_for_cluster(operations, give_up, open);
  return store;
}

/// The store in the data directory, which is made if need be. `metrics` may be null.
std::unique_ptr<storage::Store> open_embedded(const Config& config, StoreMetrics* metrics) {
  make_data_directory(config);
  storage::rocksdb_engine::Options options;
  options.block_cache_bytes = config.block_cache_bytes;
  options.writer.queue = config.write_queue;
  if (metrics)
    options.observer = [metrics](std::size_t group, std::size_t waiting, std::chrono::nanoseconds) {
      metrics->writer_group_size.observe(group);
      metrics->writer_queue_depth.store(static_cast<std::int64_t>(waiting),
                                        std::memory_order_relaxed);
    };
  auto store =
      storage::rocksdb_engine::open_store(store_directory(config), schema(), options, metrics);
  // This process alone has the directory open, so whatever is claimed was claimed by the dead.
  run(storage::drop_all_claims(*store, Context{}));
  return store;
}

}  // namespace

std::unique_ptr<storage::Store> open_store(const Config& config) {
  if (config.store == StoreEngine::rocksdb) return open_embedded(config, nullptr);
  return storage::cassandra::open_store(connect(config), schema(), keyspace_of(config.cassandra),
                                        Context{});
}

std::unique_ptr<storage::Store> open_existing_store(const Config& config) {
  if (config.store == StoreEngine::rocksdb && !exists(status_of(store_directory(config))))
    throw Error(Code::failed_precondition, "there is no store in " + config.data_dir.string());
  return open_store(config);
}

std::unique_ptr<storage::Store> open_store(const Config& config, Operations& operations,
                                           const std::function<bool()>& give_up) {
  return config.store == StoreEngine::rocksdb ? open_embedded(config, &operations.metrics().store())
                                              : wait_for_cassandra(config, operations, give_up);
}

bool wait_for_store(storage::Store& store, Operations& operations,
                    const std::function<bool()>& give_up, const std::function<void()>& work) {
  if (store.engine().traits().shared) return wait_for_cluster(operations, give_up, work);
  if (give_up()) return false;
  work();
  return true;
}

std::unique_ptr<storage::Store> open_store_for_reading(const Config& config) {
  if (config.store == StoreEngine::rocksdb)
    return std::make_unique<storage::Store>(
        storage::rocksdb_engine::RocksEngine::open_read_only(store_directory(config), schema()));
  return storage::cassandra::open_existing_store(connect(config), schema(),
                                                 keyspace_of(config.cassandra), Context{});
}

}  // namespace killrvideo
