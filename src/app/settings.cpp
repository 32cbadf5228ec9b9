#include "app/settings.hpp"

#include <algorithm>
#include <array>

#include "app/client_settings.hpp"

namespace killrvideo {
namespace {

// Names of enumerators, by their values.
constexpr std::array<std::string_view, 2> store_names{"rocksdb", "cassandra"};
constexpr std::array<std::string_view, 7> service_names{
    "users", "catalog", "comments", "ratings", "statistics", "suggestions", "search"};
constexpr std::array<std::string_view, 5> level_names{"trace", "debug", "info", "warn", "error"};

std::optional<Service> service_named(std::string_view name) {
  return enumerator<Service>(service_names, name);
}

void store_block_cache(Config& config, const SettingValue& value) {
  config.block_cache_bytes = static_cast<std::size_t>(std::get<std::int64_t>(value)) << 20;
}

std::string with_port(const std::string& address, const std::string& port) {
  return address.substr(0, address.rfind(':') + 1) + port;
}

// Names that deployments of other implementations use for the levels.
const std::vector<std::pair<std::string_view, std::string_view>> level_aliases{
    {"silly", "trace"}, {"verbose", "debug"}, {"warning", "warn"}, {"fatal", "error"}};

std::vector<Setting> make_settings() {
  using namespace kinds;
  std::vector<Setting> all;
  const auto add = [&](std::string_view section, const std::vector<Setting>& settings) {
    std::ranges::copy(in_section(section, {settings}), std::back_inserter(all));
  };
  add("General",
      {{.name = "config",
        .kind = readable_file(),
        .help = "Reads settings from this TOML file. Flags and environment variables override it.",
        .in_file = false},
       {.name = "data-dir",
        .kind = directory(),
        .fallback = "./killrvideo-data",
        .help = "Where the data is kept. It is made if it does not exist; one process at a time "
                "uses it.",
        .store = into(&Config::data_dir)},
       {.name = "log-level",
        .kind = one_of(words(level_names), level_aliases),
        .fallback = "info",
        .help = "The least important messages that are logged. The log goes to standard error.",
        .store = into_enum(&Config::log_level, level_names),
        .also = {{"KILLRVIDEO_LOGGING_LEVEL"}}}});
  add("Network",
      {{.name = "grpc-address",
        .kind = network_address(),
        .fallback = "127.0.0.1:50101",
        .help =
            "The address of the gRPC services. The server tells which port it took when it is 0.",
        .store = into(&Config::grpc_address),
        .also = {{"KILLRVIDEO_SERVICE_PORT", "the port alone", with_port}}},
       {.name = "http-address",
        .kind = network_address(),
        .fallback = "127.0.0.1:8080",
        .help = "The address of /metrics, /healthz and /readyz.",
        .store = into(&Config::http_address)},
       {.name = "tls-certificate",
        .kind = readable_file(),
        .help = "The server's certificate chain in PEM. With it, the gRPC services are offered "
                "over TLS only.",
        .store = into([](Config& config) -> auto& { return config.tls.certificate; })},
       {.name = "tls-key",
        .kind = readable_file(),
        .help = "The private key of tls-certificate in PEM.",
        .store = into([](Config& config) -> auto& { return config.tls.key; })},
       {.name = "tls-client-ca",
        .kind = readable_file(),
        .help = "Certificate authorities in PEM. Clients must then show a certificate that one of "
                "them signed.",
        .store = into([](Config& config) -> auto& { return config.tls.client_ca; })}});
  add("Services", {{.name = "services",
                    .kind = some_of(words(service_names)),
                    .fallback = "users,catalog,comments,ratings,statistics,suggestions,search",
                    .help = "The services that this process runs.",
                    .store = into_list(&Config::services, service_named)},
                   {.name = "sample-data",
                    .kind = on_or_off(),
                    .fallback = "off",
                    .help = "Whether an empty store begins with a small sample catalog.",
                    .store = into(&Config::sample_data)},
                   {.name = "shutdown-grace",
                    .kind = seconds(0, 3600),
                    .fallback = "10",
                    .help = "How long a shutdown waits for the calls that are in flight.",
                    .store = into(&Config::shutdown_grace)}});
  add("Store",
      {{.name = "store",
        .kind = one_of(words(store_names)),
        .fallback = "rocksdb",
        .help = "The engine that keeps the data: rocksdb, inside this process, or cassandra, a "
                "cluster.",
        .store = into_enum(&Config::store, store_names)},
       {.name = "block-cache-mb",
        .kind = whole_number(1, 1 << 20),
        .fallback = "256",
        .help =
            "Memory for blocks of the store that were read, in MiB; it is taken as they are read.",
        .store = store_block_cache},
       {.name = "write-queue",
        .kind = whole_number(1, 1'000'000),
        .fallback = "4096",
        .help = "How many writes may wait for the disk; beyond it clients get RESOURCE_EXHAUSTED.",
        .store = into(&Config::write_queue)}});
  add("Events",
      {{.name = "deliver-events",
        .kind = on_or_off(),
        .fallback = "on",
        .help = "Whether this process delivers events: to the search index, to recommendations. "
                "Where it is off, events wait for a process that does.",
        .store = into(&Config::deliver_events)},
       {.name = "event-tries",
        .kind = whole_number(1, 1'000),
        .fallback = "10",
        .help = "How often an event is given to a handler that fails before it becomes a dead "
                "letter; `killrvideo events` lists these. It waits for an engine that does not "
                "answer for as long as it takes.",
        .store = into(&Config::event_tries)},
       {.name = "events-in-flight",
        .kind = whole_number(1, 10'000),
        .fallback = "64",
        .help = "How many events of each type are delivered at once.",
        .store = into(&Config::events_in_flight)},
       {.name = "events-waiting",
        .kind = whole_number(1, 10'000'000),
        .fallback = "20000",
        .help = "How many events wait for delivery in memory; the others wait in the store.",
        .store = into(&Config::events_waiting)}});
  add("Limits",
      {{.name = "max-message-bytes",
        .kind = byte_size(1 << 10, 1 << 30),
        .fallback = "4MiB",
        .help = "The largest request that is taken.",
        .store = into(&Config::max_message_bytes)},
       {.name = "max-in-flight",
        .kind = whole_number(1, 1'000'000),
        .fallback = "1024",
        .help = "How many calls run at once; beyond it clients get RESOURCE_EXHAUSTED.",
        .store = into(&Config::max_in_flight)},
       {.name = "password-threads",
        .kind = whole_number(1, 256),
        .fallback = "2",
        .help = "Threads that hash passwords, which takes much time and 19 MiB of memory each.",
        .store = into(&Config::password_threads)},
       {.name = "login-failures-per-account",
        .kind = whole_number(1, 1'000'000),
        .fallback = "10",
        .help = "Failed logins of one account within login-window before further ones are refused.",
        .store = into(&Config::login_failures_per_account)},
       {.name = "login-failures-per-peer",
        .kind = whole_number(1, 1'000'000),
        .fallback = "100",
        .help = "Failed logins from one network address within login-window before further ones "
                "are refused. Behind a front end, all users have its address: allow for it.",
        .store = into(&Config::login_failures_per_peer)},
       {.name = "login-window",
        .kind = seconds(1, 86'400),
        .fallback = "300",
        .help = "The time within which failed logins are counted.",
        .store = into(&Config::login_window)}});
  return all;
}

}  // namespace

std::string_view to_string(StoreEngine engine) {
  return store_names[static_cast<std::size_t>(engine)];
}

std::string_view to_string(Service service) {
  return service_names[static_cast<std::size_t>(service)];
}

std::span<const Setting> all_settings() {
  static const auto settings = [] {
    auto all = make_settings();
    for (auto&& part : {cassandra_settings(), search_settings(), etcd_settings(),
                        announcement_settings(), kafka_settings()})
      std::ranges::copy(part, std::back_inserter(all));
    return all;
  }();
  return settings;
}

std::vector<std::string_view> all_setting_names() {
  std::vector<std::string_view> names;
  for (const auto& setting : all_settings()) names.push_back(setting.name);
  return names;
}

std::vector<std::string_view> store_setting_names() {
  std::vector<std::string_view> names{"config", "data-dir", "log-level", "store"};
  // Where Cassandra is may be said in etcd.
  for (const auto& part : {cassandra_settings(), search_settings(), etcd_settings()})
    for (const auto& setting : part) names.push_back(find_setting(setting.name)->name);
  return names;
}

const Setting* find_setting(std::string_view name) {
  const auto settings = all_settings();
  const auto found = std::ranges::find(settings, name, &Setting::name);
  return found == settings.end() ? nullptr : &*found;
}

}  // namespace killrvideo
