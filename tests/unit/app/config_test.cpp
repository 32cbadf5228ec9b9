#include "app/config.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

#include "app/settings.hpp"
#include "common/error.hpp"

namespace killrvideo {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;
using Texts = std::map<std::string, std::string, std::less<>>;

class ConfigTest : public testing::Test {
 protected:
  void SetUp() override { std::filesystem::create_directories(directory_); }
  void TearDown() override { std::filesystem::remove_all(directory_); }

  std::string file(const std::string& name, const std::string& text) const {
    std::ofstream(directory_ / name) << text;
    return (directory_ / name).native();
  }

  // What the settings come to with a file, environment variables and flags.
  static Config load(Texts flags = {}, const Texts& environment = {}) {
    return make_config(choose(std::move(flags), environment));
  }

  static std::vector<Chosen> choose(Texts flags, const Texts& environment) {
    const auto names = all_setting_names();
    return choose_settings(
        names, {.flags = std::move(flags),
                .environment = [&](const std::string& name) -> std::optional<std::string> {
                  const auto found = environment.find(name);
                  if (found == environment.end()) return std::nullopt;
                  return found->second;
                }});
  }

  Config load_file(const std::string& text) const {
    return load({{"config", file("killrvideo.toml", text)}});
  }

  // The message of the error that `load` ends with.
  static std::string failure(const std::function<void()>& load) {
    try {
      load();
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), Code::invalid_argument);
      return error.what();
    }
    return "no error";
  }

  std::string file_failure(const std::string& text) const {
    return failure([&] { load_file(text); });
  }

  std::filesystem::path directory_ =
      std::filesystem::temp_directory_path() / ("config_test." + std::to_string(::getpid()));
};

TEST_F(ConfigTest, has_defaults) {
  const auto config = load();
  EXPECT_EQ(config.data_dir, "./killrvideo-data");
  EXPECT_EQ(config.grpc_address, (Address{"127.0.0.1", 50101}));
  EXPECT_EQ(config.http_address, (Address{"127.0.0.1", 8080}));
  EXPECT_EQ(config.store, StoreEngine::rocksdb);
  EXPECT_EQ(config.services.size(), 7U);
  EXPECT_EQ(config.log_level, log::Level::info);
  EXPECT_FALSE(config.sample_data);
  EXPECT_FALSE(config.tls.enabled());
  EXPECT_EQ(config.max_message_bytes, 4U << 20);
  EXPECT_EQ(config.shutdown_grace, std::chrono::seconds(10));
  EXPECT_EQ(config.block_cache_bytes, 256U << 20);
}

TEST_F(ConfigTest, reads_every_kind_of_value_from_flags) {
  const auto certificate = file("tls.pem", "");
  const auto config = load({{"data-dir", "/var/lib/x"},
                            {"grpc-address", "[::]:1"},
                            {"services", "comments, users"},
                            {"log-level", "warn"},
                            {"sample-data", "on"},
                            {"max-message-bytes", "64KiB"},
                            {"max-in-flight", "7"},
                            {"shutdown-grace", "0"},
                            {"tls-certificate", certificate},
                            {"tls-key", certificate},
                            {"tls-client-ca", certificate}});
  EXPECT_EQ(config.data_dir, "/var/lib/x");
  EXPECT_EQ(config.grpc_address, (Address{"::", 1}));
  EXPECT_THAT(config.services, ElementsAre(Service::users, Service::comments));
  EXPECT_EQ(config.log_level, log::Level::warn);
  EXPECT_TRUE(config.sample_data);
  EXPECT_EQ(config.max_message_bytes, 64U << 10);
  EXPECT_EQ(config.max_in_flight, 7U);
  EXPECT_EQ(config.shutdown_grace, std::chrono::seconds(0));
  EXPECT_TRUE(config.tls.enabled());
  EXPECT_EQ(config.tls.client_ca, certificate);
}

TEST_F(ConfigTest, reads_every_kind_of_value_from_a_file) {
  const auto config = load_file(R"(
    # a comment
    data-dir = "/srv"
    services = ["ratings", "catalog"]
    sample-data = true
    max-in-flight = 12
    max-message-bytes = "1MiB"
    login-window = 60
  )");
  EXPECT_EQ(config.data_dir, "/srv");
  EXPECT_THAT(config.services, ElementsAre(Service::catalog, Service::ratings));
  EXPECT_TRUE(config.sample_data);
  EXPECT_EQ(config.max_in_flight, 12U);
  EXPECT_EQ(config.max_message_bytes, 1U << 20);
  EXPECT_EQ(config.login_window, std::chrono::seconds(60));
}

TEST_F(ConfigTest, prefers_flags_to_environment_to_file_to_defaults) {
  const auto path =
      file("killrvideo.toml", "data-dir = 'file'\nwrite-queue = 1\nmax-in-flight = 1");
  const Texts environment{{"KILLRVIDEO_CONFIG", path},
                          {"KILLRVIDEO_WRITE_QUEUE", "2"},
                          {"KILLRVIDEO_MAX_IN_FLIGHT", "2"}};
  const auto config = load({{"max-in-flight", "3"}}, environment);
  EXPECT_EQ(config.data_dir, "file");
  EXPECT_EQ(config.write_queue, 2U);
  EXPECT_EQ(config.max_in_flight, 3U);
  EXPECT_EQ(config.password_threads, default_config().password_threads);
}

TEST_F(ConfigTest, knows_where_each_value_came_from) {
  const auto path = file("killrvideo.toml", "\ndata-dir = 'file'\n");
  const Texts environment{{"KILLRVIDEO_WRITE_QUEUE", "2"}};
  std::map<std::string_view, std::string> origins;
  for (const auto& chosen : choose({{"config", path}, {"services", "users"}}, environment)) {
    origins[chosen.setting->name] = chosen.origin;
  }
  EXPECT_EQ(origins["services"], "--services");
  EXPECT_EQ(origins["write-queue"], "environment variable KILLRVIDEO_WRITE_QUEUE");
  EXPECT_EQ(origins["data-dir"], path + ":2");
  EXPECT_EQ(origins["store"], "the default");
}

TEST_F(ConfigTest, takes_the_names_that_deployments_set) {
  EXPECT_EQ(load({}, {{"KILLRVIDEO_SERVICE_PORT", "6000"}}).grpc_address,
            (Address{"127.0.0.1", 6000}));
  EXPECT_EQ(load({{"config", file("a.toml", "grpc-address = '[::]:1'")}},
                 {{"KILLRVIDEO_SERVICE_PORT", "6000"}})
                .grpc_address,
            (Address{"::", 6000}));
  for (const auto& [text, level] : std::map<std::string, log::Level>{{"VERBOSE", log::Level::debug},
                                                                     {"silly", log::Level::trace},
                                                                     {"Warning", log::Level::warn},
                                                                     {"fatal", log::Level::error},
                                                                     {"INFO", log::Level::info}}) {
    EXPECT_EQ(load({}, {{"KILLRVIDEO_LOGGING_LEVEL", text}}).log_level, level) << text;
  }
}

TEST_F(ConfigTest, gives_its_own_environment_names_the_last_word) {
  EXPECT_EQ(load({}, {{"KILLRVIDEO_SERVICE_PORT", "6000"}, {"KILLRVIDEO_GRPC_ADDRESS", "[::]:7"}})
                .grpc_address,
            (Address{"::", 7}));
  EXPECT_EQ(load({}, {{"KILLRVIDEO_LOGGING_LEVEL", "error"}, {"KILLRVIDEO_LOG_LEVEL", "debug"}})
                .log_level,
            log::Level::debug);
}

TEST_F(ConfigTest, takes_empty_environment_variables_for_unset_ones) {
  EXPECT_EQ(load({}, {{"KILLRVIDEO_DATA_DIR", ""}}).data_dir, "./killrvideo-data");
}

TEST_F(ConfigTest, names_setting_value_origin_and_what_is_allowed) {
  EXPECT_EQ(failure([] { load({{"max-in-flight", "none"}}); }),
            "max-in-flight: 'none' (from --max-in-flight) is not allowed; it takes a whole number "
            "from 1 to 1000000");
  EXPECT_THAT(failure([] { load({}, {{"KILLRVIDEO_STORE", "mysql"}}); }),
              AllOf(StartsWith("store: 'mysql' (from environment variable KILLRVIDEO_STORE)"),
                    HasSubstr("one of rocksdb, cassandra")));
  EXPECT_THAT(failure([] { load({}, {{"KILLRVIDEO_SERVICE_PORT", "65536"}}); }),
              AllOf(StartsWith("grpc-address: '127.0.0.1:65536'"),
                    HasSubstr("environment variable KILLRVIDEO_SERVICE_PORT")));
  EXPECT_THAT(file_failure("\n\nservices = 'users,video'"),
              AllOf(HasSubstr("services: 'users,video'"), HasSubstr("killrvideo.toml:3")));
}

TEST_F(ConfigTest, refuses_values_out_of_bounds) {
  for (const auto& [name, text] : std::vector<std::pair<std::string, std::string>>{
           {"max-in-flight", "0"},
           {"max-in-flight", "-1"},
           {"max-in-flight", "1000001"},
           {"max-in-flight", "99999999999999999999"},
           {"max-in-flight", "1 "},
           {"max-in-flight", ""},
           {"max-message-bytes", "1023"},
           {"max-message-bytes", "2GiB"},
           {"max-message-bytes", "9999999999999999GiB"},
           {"max-message-bytes", "4MB"},
           {"shutdown-grace", "1.5"},
           {"sample-data", "yes"},
           {"log-level", "loud"},
           {"services", ""},
           {"services", "users,"},
           {"services", "Users"},
           {"data-dir", ""},
           {"grpc-address", "50101"}}) {
    const auto message = failure([&] { load({{name, text}}); });
    EXPECT_THAT(message, StartsWith(name + ": "));
    EXPECT_THAT(message, HasSubstr("'" + text + "' (from --"));
    EXPECT_THAT(message, HasSubstr(") is not allowed; it takes "));
  }
}

TEST_F(ConfigTest, checks_what_is_overridden_too) {
  const auto path = file("killrvideo.toml", "write-queue = 0");
  EXPECT_THAT(failure([&] { load({{"config", path}, {"write-queue", "5"}}); }),
              HasSubstr("killrvideo.toml:1"));
}

TEST_F(ConfigTest, refuses_unknown_keys_and_says_what_was_meant) {
  EXPECT_THAT(file_failure("data-dir = 'x'\ngrpc-adress = '[::]:1'"),
              AllOf(StartsWith("grpc-adress: unknown key"), HasSubstr("killrvideo.toml:2"),
                    HasSubstr("did you mean 'grpc-address'?")));
  EXPECT_THAT(file_failure("[limits]\nmax-in-flight = 1"), StartsWith("limits: unknown key"));
  EXPECT_THAT(file_failure("config = 'other.toml'"), StartsWith("config: unknown key"));
}

TEST_F(ConfigTest, refuses_values_of_another_type) {
  EXPECT_THAT(file_failure("max-in-flight = 1.5"),
              AllOf(StartsWith("max-in-flight:"), HasSubstr("killrvideo.toml:1")));
  EXPECT_THAT(file_failure("max-in-flight = true"), StartsWith("max-in-flight: 'true'"));
  EXPECT_THAT(file_failure("services = [1]"), StartsWith("services:"));
  EXPECT_THAT(file_failure("services = []"), StartsWith("services:"));
  EXPECT_THAT(file_failure("data-dir = 2026-11-22"), StartsWith("data-dir:"));
  EXPECT_THAT(file_failure("data-dir = \"a\\u0000b\""), StartsWith("data-dir: 'a\\u0000b'"));
}

TEST_F(ConfigTest, tells_where_a_file_is_no_toml) {
  EXPECT_THAT(file_failure("data-dir = 'x'\nstore ="),
              AllOf(StartsWith("config: "), HasSubstr("killrvideo.toml:2")));
  EXPECT_THAT(file_failure("store = 'rocksdb'\nstore = 'rocksdb'"), HasSubstr("killrvideo.toml:2"));
  EXPECT_THAT(file_failure("\xff\xfe"), StartsWith("config: "));
}

TEST_F(ConfigTest, needs_files_that_can_be_read) {
  const auto missing = (directory_ / "missing").native();
  EXPECT_THAT(
      failure([&] { load({{"config", missing}}); }),
      AllOf(StartsWith("config: '" + missing + "' (from --config)"), HasSubstr("No such file")));
  EXPECT_THAT(failure([&] { load({{"config", directory_.native()}}); }),
              HasSubstr("it is a directory"));
  EXPECT_THAT(failure([&] { load({{"tls-certificate", missing}, {"tls-key", missing}}); }),
              StartsWith("tls-certificate: '" + missing));
}

TEST_F(ConfigTest, does_not_need_files_that_are_overridden) {
  const auto good = file("good.pem", "");
  const auto path = file("killrvideo.toml", "tls-certificate = 'nowhere'\ntls-key = 'nowhere'");
  const auto config = load({{"config", path}, {"tls-certificate", good}, {"tls-key", good}});
  EXPECT_EQ(config.tls.key, good);
}

TEST_F(ConfigTest, checks_that_settings_go_together) {
  const auto pem = file("tls.pem", "");
  EXPECT_THAT(failure([&] { load({{"tls-certificate", pem}}); }), StartsWith("tls-key: missing"));
  EXPECT_THAT(failure([&] { load({{"tls-key", pem}}); }), StartsWith("tls-certificate: missing"));
  EXPECT_THAT(failure([&] { load({{"tls-client-ca", pem}}); }), StartsWith("tls-client-ca:"));
  EXPECT_THAT(failure([&] { load({{"cassandra-tls-ca", pem}}); }),
              StartsWith("cassandra-tls-ca: is for encrypted connections: set cassandra-tls"));
  EXPECT_THAT(failure([&] { load({{"cassandra-tls", "on"}, {"cassandra-tls-key", pem}}); }),
              StartsWith("cassandra-tls-certificate: missing"));
  EXPECT_THAT(failure([] { load({{"http-address", "127.0.0.1:50101"}}); }),
              StartsWith("http-address: 127.0.0.1:50101 is grpc-address already"));
  EXPECT_NO_THROW(load({{"http-address", "127.0.0.1:0"}, {"grpc-address", "127.0.0.1:0"}}));
}

TEST_F(ConfigTest, reads_where_and_how_cassandra_is) {
  const auto pem = file("tls.pem", "");
  const auto config = load({{"store", "cassandra"},
                            {"cassandra-contact-points", "db1, db2:9142,[::1]"},
                            {"cassandra-local-dc", "east"},
                            {"cassandra-replication", "east:3,west:2"},
                            {"cassandra-tls", "on"},
                            {"cassandra-tls-ca", pem},
                            {"cassandra-tls-verify-host", "off"},
                            {"cassandra-consistency", "each_quorum"},
                            {"cassandra-serial-consistency", "serial"},
                            {"cassandra-load-balancing", "round-robin"},
                            {"cassandra-retry", "never"},
                            {"cassandra-compression", "lz4"},
                            {"cassandra-speculative-delay-ms", "50"},
                            {"cassandra-threads", "4"}},
                           {{"KILLRVIDEO_DSE_USERNAME", "keeper"}})
                          .cassandra;
  const auto& session = config.session;
  EXPECT_THAT(session.contact_points,
              ElementsAre(Address{"db1", 9042}, Address{"db2", 9142}, Address{"::1", 9042}));
  EXPECT_EQ(session.local_data_center, "east");
  EXPECT_EQ(config.replication, (std::map<std::string, unsigned>{{"east", 3}, {"west", 2}}));
  EXPECT_TRUE(session.tls.enabled);
  EXPECT_EQ(session.tls.ca, pem);
  EXPECT_FALSE(session.tls.verify_host);
  EXPECT_EQ(session.consistency, storage::cassandra::Consistency::each_quorum);
  EXPECT_EQ(session.serial_consistency, storage::cassandra::Consistency::serial);
  EXPECT_EQ(session.load_balancing, storage::cassandra::LoadBalancing::round_robin);
  EXPECT_EQ(session.retry, storage::cassandra::Retry::never);
  EXPECT_EQ(session.compression, storage::cassandra::Compression::lz4);
  EXPECT_EQ(session.speculative_delay, std::chrono::milliseconds(50));
  EXPECT_EQ(session.threads, 4U);
  EXPECT_EQ(session.username, "keeper");
  EXPECT_EQ(config.keyspace, "killrvideo");
}

TEST_F(ConfigTest, has_defaults_for_cassandra) {
  const auto session = load().cassandra.session;
  EXPECT_THAT(session.contact_points, ElementsAre(Address{"127.0.0.1", 9042}));
  EXPECT_EQ(session.consistency, storage::cassandra::Consistency::local_quorum);
  EXPECT_EQ(session.serial_consistency, storage::cassandra::Consistency::local_serial);
  EXPECT_EQ(session.retry, storage::cassandra::Retry::next_node);
  EXPECT_FALSE(session.tls.enabled);
  EXPECT_TRUE(session.tls.verify_host);
  const auto points = load({}, {{"KILLRVIDEO_DSE_CONTACT_POINTS", "dse1,dse2"}});
  EXPECT_THAT(points.cassandra.session.contact_points,
              ElementsAre(Address{"dse1", 9042}, Address{"dse2", 9042}));
}

TEST_F(ConfigTest, reads_what_is_set_about_opensearch) {
  EXPECT_TRUE(load({}).search.is_embedded());
  const auto search = load({{"opensearch-url", "search1, https://search2:443"},
                            {"opensearch-prefix", "test_1"},
                            {"opensearch-search-ms", "100"}})
                          .search;
  EXPECT_FALSE(search.is_embedded());
  EXPECT_THAT(search.opensearch.endpoints, ElementsAre(http::Endpoint{{"search1", 9200}, false},
                                                       http::Endpoint{{"search2", 443}, true}));
  EXPECT_EQ(search.opensearch.prefix, "test_1");
  EXPECT_EQ(search.opensearch.question_limit, std::chrono::milliseconds(100));
  EXPECT_THROW(load({{"opensearch-prefix", "Test"}}), Error);
}

TEST_F(ConfigTest, reads_what_is_set_about_the_registry) {
  const auto registry = load({{"etcd-endpoints", "etcd1, https://etcd2:443"},
                              {"etcd-api", "v2"},
                              {"etcd-lease", "10"},
                              {"application-instance", "7"}},
                             {{"KILLRVIDEO_SERVICE_HOST", "10.0.0.5"}})
                            .registry;
  EXPECT_THAT(registry.etcd.endpoints, ElementsAre(http::Endpoint{{"etcd1", 2379}, false},
                                                   http::Endpoint{{"etcd2", 443}, true}));
  EXPECT_EQ(registry.etcd.api, registry::EtcdApi::v2);
  EXPECT_EQ(registry.lease, std::chrono::seconds(10));
  EXPECT_EQ(registry.application_name, "killrvideo");
  EXPECT_EQ(registry.application_instance, "7");
  EXPECT_EQ(registry.service_host, "10.0.0.5");
}

// The host that deployments set, what else they set, and the reason for which it is refused.
struct ServiceHost {
  std::string host;
  Texts flags = {};
  std::string refusal = {};
};

class ServiceHosts : public ConfigTest, public testing::WithParamInterface<ServiceHost> {};

TEST_P(ServiceHosts, are_refused_where_a_registry_is_configured) {
  const auto& [host, flags, refusal] = GetParam();
  const Texts environment{{"KILLRVIDEO_SERVICE_HOST", host}};
  if (refusal.empty()) {
    EXPECT_NO_THROW(load(flags, environment));
  } else {
    EXPECT_EQ(failure([&] { load(flags, environment); }), "service-host: " + refusal);
  }
}

const std::string needed_host =
    "the registry of etcd-endpoints needs a numeric IPv4 address that clients reach, as its old "
    "readers take nothing else";
const std::string from_service_host =
    " (from environment variable KILLRVIDEO_SERVICE_HOST) is not allowed: " + needed_host;

INSTANTIATE_TEST_SUITE_P(
    Forms, ServiceHosts,
    testing::Values(ServiceHost{"10.0.0.5"}, ServiceHost{"web-1"}, ServiceHost{"web-1.example.org"},
                    ServiceHost{"::1"}, ServiceHost{"0.0.0.0"}, ServiceHost{"not a host"},
                    ServiceHost{"10.0.0.5", {{"etcd-endpoints", "e"}}},
                    ServiceHost{"web-1", {{"etcd-endpoints", "e"}}, "'web-1'" + from_service_host},
                    ServiceHost{"::1", {{"etcd-endpoints", "e"}}, "'::1'" + from_service_host},
                    ServiceHost{
                        "0.0.0.0", {{"etcd-endpoints", "e"}}, "'0.0.0.0'" + from_service_host},
                    ServiceHost{"web-1",
                                {{"etcd-endpoints", "e"}, {"service-host", "db"}},
                                "'db' (from --service-host) is not allowed: " + needed_host},
                    ServiceHost{"web-1", {{"etcd-endpoints", "e"}, {"service-host", "10.0.0.5"}}},
                    ServiceHost{"", {{"etcd-endpoints", "e"}}},  // that of grpc-address
                    ServiceHost{"",
                                {{"etcd-endpoints", "e"}, {"grpc-address", "web-1:1"}},
                                "missing: " + needed_host + ", and web-1 of grpc-address is none"},
                    ServiceHost{"",
                                {{"etcd-endpoints", "e"}, {"grpc-address", "[::1]:1"}},
                                "missing: " + needed_host + ", and ::1 of grpc-address is none"}));

// A path as it is given, and what it is with the home directory /home/ada; or why it is refused.
struct HomePath {
  std::string given;
  std::string path;
  std::string refusal = {};
};

class HomePaths : public ConfigTest, public testing::WithParamInterface<HomePath> {
 protected:
  HomePaths() { ::setenv("HOME", "/home/ada", 1); }
  ~HomePaths() override { home_ ? ::setenv("HOME", home_->c_str(), 1) : ::unsetenv("HOME"); }

  const std::optional<std::string> home_ = process_environment("HOME");
};

TEST_P(HomePaths, are_understood_in_flags_environment_and_file) {
  const auto& [given, path, refusal] = GetParam();
  const auto text = "data-dir = '" + given + "'";
  const std::vector<std::pair<std::string, std::function<Config()>>> ways{
      {"--data-dir", [&] { return load({{"data-dir", given}}); }},
      {"environment variable KILLRVIDEO_DATA_DIR",
       [&] { return load({}, {{"KILLRVIDEO_DATA_DIR", given}}); }},
      {(directory_ / "killrvideo.toml").native() + ":1", [&] { return load_file(text); }}};
  for (const auto& [origin, load_it] : ways) {
    if (refusal.empty()) {
      EXPECT_EQ(load_it().data_dir, path) << origin;
    } else {
      EXPECT_EQ(failure([&] { load_it(); }),
                "data-dir: '" + given + "' (from " + origin + ") " + refusal);
    }
  }
}

std::string no_other_homes(const std::string& name) {
  return "is not allowed: the homes of other users are not looked up; write the path out, or ./" +
         name + " if that is its name";
}

INSTANTIATE_TEST_SUITE_P(Forms, HomePaths,
                         testing::Values(HomePath{"~", "/home/ada"}, HomePath{"~/", "/home/ada/"},
                                         HomePath{"~/x y", "/home/ada/x y"},
                                         HomePath{"~/a/~/b", "/home/ada/a/~/b"},
                                         HomePath{"./~", "./~"}, HomePath{"a~", "a~"},
                                         HomePath{"/~/x", "/~/x"},
                                         HomePath{"~bob", "", no_other_homes("~bob")},
                                         HomePath{"~bob/x", "", no_other_homes("~bob/x")},
                                         HomePath{"~~", "", no_other_homes("~~")}));

TEST_F(HomePaths, need_a_home) {
  for (const char* home : {static_cast<const char*>(nullptr), ""}) {
    home != nullptr ? ::setenv("HOME", home, 1) : ::unsetenv("HOME");
    EXPECT_EQ(failure([&] { load({{"data-dir", "~/x"}}); }),
              "data-dir: '~/x' (from --data-dir) cannot be used: ~ is the home directory, but the "
              "environment variable HOME is not set");
    EXPECT_NO_THROW(load({{"data-dir", "x"}}));
  }
}

TEST_F(HomePaths, are_those_of_every_setting_that_is_a_path) {
  ::setenv("HOME", directory_.c_str(), 1);
  file("present", "log-level = 'warn'");
  for (const auto& setting : all_settings()) {
    if (!setting.kind.readable_file) continue;
    const auto value = parse_value(setting, "~/present", "a test");
    EXPECT_EQ(std::get<std::filesystem::path>(value), directory_ / "present") << setting.name;
    EXPECT_NO_THROW(check_usable(setting, value, "a test")) << setting.name;
  }
  EXPECT_EQ(load({{"config", "~/present"}}).log_level, log::Level::warn);
}

TEST_F(ConfigTest, has_defaults_for_the_registry) {
  EXPECT_FALSE(load({{"grpc-address", "0.0.0.0:1"}}).registry.enabled());
  const auto config = load({{"etcd-endpoints", "etcd"}, {"grpc-address", "10.0.0.5:1"}});
  EXPECT_EQ(config.registry.service_host, "10.0.0.5");
  EXPECT_EQ(config.registry.etcd.api, registry::EtcdApi::v3);
  // To be looked up.
  EXPECT_THAT(config.cassandra.session.contact_points, testing::IsEmpty());
}

TEST_F(ConfigTest, reads_what_is_set_about_kafka) {
  const auto kafka = load({{"kafka-tls", "on"},
                           {"kafka-sasl-mechanism", "scram-sha-512"},
                           {"kafka-username", "ada"},
                           {"kafka-partitions", "12"}},
                          {{"KILLRVIDEO_KAFKA_BOOTSTRAP_SERVERS", "kafka1, kafka2:9093"}})
                         .kafka;
  EXPECT_TRUE(kafka.enabled());
  EXPECT_THAT(kafka.options.bootstrap_servers,
              ElementsAre(Address{"kafka1", 9092}, Address{"kafka2", 9093}));
  EXPECT_TRUE(kafka.options.tls);
  EXPECT_EQ(kafka.options.sasl_mechanism, "SCRAM-SHA-512");
  EXPECT_EQ(kafka.options.username, "ada");
  EXPECT_EQ(kafka.options.partitions, 12);
}

TEST_F(ConfigTest, has_defaults_for_kafka) {
  const auto kafka = load({}).kafka;
  EXPECT_FALSE(kafka.enabled());
  EXPECT_EQ(kafka.options.sasl_mechanism, "");
  EXPECT_EQ(kafka.options.group_prefix, "killrvideo");
  EXPECT_EQ(kafka.options.dead_letter_topic, "topic-kv-deadLetters");
  EXPECT_EQ(kafka.options.replication_factor, 0);
}

TEST_F(ConfigTest, refuses_what_cassandra_would_not_take) {
  for (const auto& [name, text] : std::vector<std::pair<std::string, std::string>>{
           {"cassandra-contact-points", "db1,,db2"},
           {"cassandra-contact-points", "db1:http"},
           {"cassandra-keyspace", "Killr"},
           {"cassandra-keyspace", "1st"},
           {"cassandra-keyspace", "a;drop"},
           {"cassandra-keyspace", std::string(49, 'a')},
           {"cassandra-replication", "3"},
           {"cassandra-replication", "east:0"},
           {"cassandra-replication", "east:three"},
           {"cassandra-consistency", "any"}}) {
    EXPECT_THAT(failure([&] { load({{name, text}}); }), StartsWith(name + ": '" + text)) << text;
  }
}

TEST_F(ConfigTest, reads_only_the_settings_asked_for) {
  const std::vector<std::string_view> names{"data-dir"};
  const auto chosen = choose_settings(
      names,
      {.flags = {}, .environment = [](const std::string& name) -> std::optional<std::string> {
         return name == "KILLRVIDEO_DATA_DIR" ? "here" : "nonsense";
       }});
  ASSERT_EQ(chosen.size(), 1U);
  EXPECT_EQ(make_config(chosen).data_dir, "here");
}

TEST(Settings, have_names_helps_and_usable_defaults) {
  for (const auto& setting : all_settings()) {
    EXPECT_THAT(std::string(setting.help), testing::EndsWith(".")) << setting.name;
    EXPECT_FALSE(setting.section.empty()) << setting.name;
    if (!setting.fallback.empty()) {
      EXPECT_TRUE(setting.kind.parse(setting.fallback)) << setting.name;
    }
  }
}

}  // namespace
}  // namespace killrvideo
