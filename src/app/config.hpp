// The program's configuration: typed and checked, whatever it was given by.
#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/setting.hpp"
#include "common/address.hpp"
#include "common/error.hpp"
#include "common/log.hpp"
#include "events/kafka/options.hpp"
#include "registry/etcd_options.hpp"
#include "search/opensearch/options.hpp"
#include "storage/cassandra/session_options.hpp"
#include "transport/grpc/tls_config.hpp"

namespace killrvideo {

enum class StoreEngine { rocksdb, cassandra };

/// The services that a process may run, in the order in which they are listed.
enum class Service { users, catalog, comments, ratings, statistics, suggestions, search };

std::string_view to_string(StoreEngine engine);
std::string_view to_string(Service service);

inline constexpr std::uint16_t cassandra_port = 9042;

// In these, options have no passwords yet, and an empty password file is none.

struct CassandraConfig {
  storage::cassandra::SessionOptions session{};  ///< no contact points: ask the registry
  std::filesystem::path password_file{};
  std::string keyspace{};
  std::map<std::string, unsigned> replication{};  ///< copies by data centre; empty: not chosen
};

struct KafkaConfig {
  kafka::Options options{};  ///< no servers: no Kafka
  std::filesystem::path password_file{};

  bool enabled() const { return !options.bootstrap_servers.empty(); }
};

struct RegistryConfig {
  registry::EtcdOptions etcd{};  ///< no endpoints: no registry
  std::filesystem::path password_file{};
  std::chrono::seconds lease{};
  std::string application_name{};
  std::string application_instance{};  ///< empty: not in the keys
  std::string service_host{};          ///< a numeric IPv4 address, if there is a registry

  bool enabled() const { return !etcd.endpoints.empty(); }
};

struct SearchConfig {
  opensearch::Options opensearch{};  ///< no endpoints: embedded
  std::filesystem::path password_file{};

  bool is_embedded() const { return opensearch.endpoints.empty(); }
};

/// What each member means says the help of its setting, in settings.cpp; so do the defaults: a
/// Config made by `Config{}` is all zeros, see default_config.
struct Config {
  std::filesystem::path data_dir;
  StoreEngine store{};
  std::size_t block_cache_bytes{};
  std::size_t write_queue{};
  CassandraConfig cassandra{};
  Address grpc_address;
  Address http_address;
  RegistryConfig registry{};
  SearchConfig search{};
  std::set<Service> services;
  bool sample_data{};
  bool deliver_events{};
  unsigned event_tries{};
  std::size_t events_in_flight{};
  std::size_t events_waiting{};
  KafkaConfig kafka{};
  std::chrono::seconds shutdown_grace{};
  TlsConfig tls;
  std::size_t max_message_bytes{};
  std::size_t max_in_flight{};
  unsigned password_threads{};
  unsigned login_failures_per_account{};
  unsigned login_failures_per_peer{};
  std::chrono::seconds login_window{};
  log::Level log_level{};
};

/// A setting's final text and what it came from: "--data-dir", "environment variable
/// KILLRVIDEO_DATA_DIR", "killrvideo.toml:3" or "the default".
struct Chosen {
  const Setting* setting;
  std::string text;  ///< Empty if it is not set.
  std::string origin;
};

/// Where configuration is read from, besides the file that the setting `config` names.
struct Sources {
  /// Texts by the names of settings, without dashes in front; others are passed over.
  std::map<std::string, std::string, std::less<>> flags;
  /// The value of an environment variable; nothing if it is not set. An empty one counts as not
  /// set.
  std::function<std::optional<std::string>(const std::string&)> environment;
};

/// The process's own environment.
std::optional<std::string> process_environment(const std::string& name);

/// Chooses the text of each setting named in `names` by precedence: flags, environment, file,
/// defaults. Every text that was given is checked, also one that another one overrides.
/// Throws Error invalid_argument that says which setting has which bad value, where it came from
/// and what is allowed; for a configuration file also for keys that are no setting at all.
/// REQUIRES: there are settings of these names.
std::vector<Chosen> choose_settings(std::span<const std::string_view> names,
                                    const Sources& sources);

/// The configuration with these texts; settings that were not chosen have their defaults.
/// Throws Error invalid_argument if files are missing or settings do not go together.
Config make_config(std::span<const Chosen> chosen);

/// What is in force when nothing is configured.
Config default_config();

/// A certificate is of no use without its key, nor the key without it: throws Error
/// invalid_argument that names the setting, which begins with `names`, if one is missing.
void check_pair(const std::string& names, const std::filesystem::path& certificate,
                const std::filesystem::path& key);

/// Of connections that the setting `names` encrypts: throws Error invalid_argument that names the
/// setting if a file of `tls` is missing, or if some are given and it is off.
template <class Tls>
void check_client_tls(const std::string& names, bool enabled, const Tls& tls) {
  check_pair(names, tls.certificate, tls.key);
  for (const auto& [file, ending] : {std::pair(&tls.ca, "-ca"), std::pair(&tls.key, "-key")})
    if (!enabled && !file->empty())
      throw invalid(names + ending, "is for encrypted connections: set " + names);
}

}  // namespace killrvideo
