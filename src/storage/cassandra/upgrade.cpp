#include "storage/cassandra/upgrade.hpp"

#include <fmt/format.h>
#include <sodium.h>

#include <charconv>
#include <set>

#include "common/log.hpp"
#include "storage/cassandra/engine.hpp"
#include "storage/cassandra/keyspace.hpp"
#include "storage/cassandra/schema_lock.hpp"

namespace killrvideo::storage::cassandra {
namespace {

constexpr unsigned usual_copies = 3;
constexpr int oldest_release = 5;  // vectors, their indices, unified compaction

/// The steps before a keyspace can be used.
class Upgrade {
 public:
  Upgrade(Session& session, const Schema& schema, const KeyspaceOptions& keyspace,
          const Context& context, const Patience& patience)
      : session_(session),
        schema_(schema),
        keyspace_(keyspace),
        context_(context),
        patience_(patience),
        state_table_(keyspace.name + ".schema_state") {}

  /// The statements that add what is missing. Throws if the cluster contradicts the schema.
  std::vector<std::string> missing() {
    const ActualKeyspace found = actual();
    auto statements = tables_to_add(found, schema_, keyspace_.name);
    std::ranges::move(indices_to_add(found, schema_, keyspace_.name),
                      std::back_inserter(statements));
    return statements;
  }

  ActualKeyspace actual() {
    return patience_.run(read_keyspace(session_, context_, keyspace_.name));
  }

  /// The version of the data; nothing if none is recorded.
  std::optional<int> version() {
    if (!actual().tables.contains("schema_state")) return std::nullopt;
    const Result found =
        query(fmt::format("SELECT version FROM {} WHERE name = 'version'", state_table_));
    std::optional<int> version;
    found.each_row([&](std::span<const Cell> row) {
      if (!is_null(row[0])) version = Cql<std::int32_t>::decode(row[0]);
    });
    if (version && *version > schema_.version())
      throw Error(Code::failed_precondition,
                  fmt::format("keyspace {} has schema version {}, this program knows {}: it has "
                              "been used by a newer one",
                              keyspace_.name, *version, schema_.version()));
    return version;
  }

  void record(int version) {
    query(fmt::format("INSERT INTO {} (name, version) VALUES ('version', {})", state_table_,
                      version));
  }

  void check_release() {
    const Result local = query("SELECT release_version FROM system.local");
    std::string release;
    local.each_row([&](std::span<const Cell> row) { release = row[0]; });
    int major = 0;
    std::from_chars(release.data(), release.data() + release.size(), major);
    if (major < oldest_release)
      throw Error(Code::failed_precondition,
                  fmt::format("the cluster runs Cassandra {}; {} or newer is needed", release,
                              oldest_release));
  }

  /// Creates the keyspace and the table of the lock. Several processes may do so at once.
  void make_keyspace() {
    if (!actual().exists) query(create_keyspace_cql(keyspace_.name, replication()));
    // Some nodes may not know yet a keyspace that another process has just created.
    agree();
    // All processes give the table the same id: Cassandra cannot merge two tables that were created
    // concurrently with different ids.
    query(
        fmt::format("CREATE TABLE IF NOT EXISTS {} (name text PRIMARY KEY, version int, "
                    "holder uuid) WITH id = {}",
                    state_table_, state_table_id()));
    agree();
  }

  void add_what_is_missing(const SchemaLock& lock) {
    // Some nodes may not know yet the tables that the last holder of the lock has created; they
    // would be created twice.
    agree();
    const ActualKeyspace found = actual();
    change(tables_to_add(found, schema_, keyspace_.name), lock);
    change(indices_to_add(found, schema_, keyspace_.name), lock);
  }

  std::string lock_table() const { return state_table_; }

 private:
  // The statements are independent, so the nodes need to agree only after the last one.
  void change(const std::vector<std::string>& statements, const SchemaLock& lock) {
    for (const std::string& statement : statements) {
      lock.check();
      log::info("changing the schema", {{"cql", statement.substr(0, statement.find('\n'))}});
      query(statement);
    }
    if (!statements.empty()) agree();
  }

  void agree() { patience_.run(session_.agree_on_schema(context_)); }

  Result query(std::string cql) {
    return patience_.run(session_.query(context_, std::move(cql), {.idempotent = true}));
  }

  Replication replication() const {
    if (!keyspace_.replication.empty()) return keyspace_.replication;
    std::map<std::string, unsigned> nodes;
    for (const Node& node : session_.nodes()) ++nodes[node.data_center];
    if (nodes.size() != 1) {
      std::string names;
      for (const auto& [name, count] : nodes) names += (names.empty() ? "" : ", ") + name;
      throw Error(Code::failed_precondition,
                  "the keyspace " + keyspace_.name +
                      " has to be made, in a cluster with several data centres (" + names +
                      "): say how many copies each is to have (--cassandra-replication)");
    }
    auto [name, count] = *nodes.begin();
    return {{name, std::min(count, usual_copies)}};
  }

  // A function of the keyspace's name.
  std::string state_table_id() const {
    Uuid id;
    crypto_generichash(id.bytes.data(), id.bytes.size(),
                       reinterpret_cast<const unsigned char*>(state_table_.data()),
                       state_table_.size(), nullptr, 0);
    id.bytes[6] = static_cast<std::uint8_t>((id.bytes[6] & 0x0F) | 0x40);  // version 4
    id.bytes[8] = static_cast<std::uint8_t>((id.bytes[8] & 0x3F) | 0x80);
    return id.to_string();
  }

  Session& session_;
  const Schema& schema_;
  const KeyspaceOptions& keyspace_;
  const Context& context_;
  const Patience& patience_;
  const std::string state_table_;
};

// Sends no request. The store owns the session from the start, so that the session outlives its
// users while the keyspace is prepared.
std::unique_ptr<CassandraEngine> make_engine(std::unique_ptr<Session> session, const Schema& schema,
                                             const KeyspaceOptions& keyspace) {
  return std::make_unique<CassandraEngine>(std::move(session), schema, keyspace.name,
                                           keyspace.serial_consistency);
}

}  // namespace

std::unique_ptr<Store> open_store(std::unique_ptr<Session> session, const Schema& schema,
                                  const KeyspaceOptions& keyspace, const Context& context,
                                  StoreMetrics* metrics, const Patience& patience) {
  auto made = make_engine(std::move(session), schema, keyspace);
  CassandraEngine& engine = *made;
  auto store = std::make_unique<Store>(std::move(made), metrics);
  Upgrade upgrade(engine.session(), schema, keyspace, context, patience);
  upgrade.check_release();
  if (upgrade.missing().empty() && upgrade.version() == schema.version()) {
    run(engine.check(context));
    return store;
  }

  upgrade.make_keyspace();
  SchemaLock lock(engine.session(), upgrade.lock_table(), keyspace.serial_consistency, context,
                  patience);
  upgrade.add_what_is_missing(lock);
  // Data without a recorded version is new, or was written by others: the migrations make what such
  // data lacks.
  const int version = upgrade.version().value_or(1);
  run(engine.check(context));
  for (const Migration& migration : schema.migrations) {
    if (migration.version <= version) continue;
    lock.check();
    log::info("migrating", {{"version", migration.version}, {"what", migration.what}});
    run(migration.apply(*store));
    upgrade.record(migration.version);
  }
  if (version == schema.version()) upgrade.record(version);
  return store;
}

std::unique_ptr<Store> open_existing_store(std::unique_ptr<Session> session, const Schema& schema,
                                           const KeyspaceOptions& keyspace, const Context& context,
                                           StoreMetrics* metrics) {
  auto made = make_engine(std::move(session), schema, keyspace);
  CassandraEngine& engine = *made;
  auto store = std::make_unique<Store>(std::move(made), metrics);
  const Patience patience;
  Upgrade upgrade(engine.session(), schema, keyspace, context, patience);
  const auto missing = upgrade.missing();
  if (!missing.empty())
    throw Error(Code::failed_precondition,
                fmt::format("keyspace {} lacks tables or columns ({}); `killrvideo schema --apply` "
                            "makes them",
                            keyspace.name, missing.front().substr(0, missing.front().find('\n'))));
  run(engine.check(context));
  return store;
}

}  // namespace killrvideo::storage::cassandra
