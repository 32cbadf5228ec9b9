#include "app/cassandra_store.hpp"

#include "app/password_file.hpp"
#include "app/registry.hpp"
#include "app/schema.hpp"
#include "app/stores.hpp"
#include "storage/cassandra/metrics.hpp"
#include "storage/cassandra/upgrade.hpp"

namespace killrvideo {
namespace {

using namespace std::chrono_literals;
using storage::cassandra::GaveUp;
using storage::cassandra::KeyspaceOptions;
using storage::cassandra::Patience;
using storage::cassandra::Session;
using storage::cassandra::SessionMetrics;

constexpr auto command_patience = 60s;
constexpr auto look_interval = 200ms;  // at whether to give up

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

/// A session that is connected.
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

}  // namespace

std::unique_ptr<storage::Store> open_cassandra_store(const Config& config, StoreMetrics& metrics) {
  return storage::cassandra::open_store(connect(config), schema(), keyspace_of(config.cassandra),
                                        Context{}, &metrics);
}

std::unique_ptr<storage::Store> open_cassandra_store_for_reading(const Config& config) {
  return storage::cassandra::open_existing_store(connect(config), schema(),
                                                 keyspace_of(config.cassandra), Context{});
}

std::unique_ptr<storage::Store> wait_for_cassandra_store(const Config& config,
                                                         Operations& operations,
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

}  // namespace killrvideo
