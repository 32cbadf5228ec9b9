#include "app/client_settings.hpp"
#include "common/number.hpp"

namespace killrvideo {
namespace {

using storage::cassandra::Compression;
using storage::cassandra::Consistency;
using storage::cassandra::LoadBalancing;
using storage::cassandra::Retry;
using storage::cassandra::SessionOptions;
using storage::cassandra::SessionTls;

constexpr std::array<std::string_view, 6> consistency_names{"one",          "local_one",   "quorum",
                                                            "local_quorum", "each_quorum", "all"};
constexpr std::array<Consistency, 6> consistencies{
    Consistency::one,          Consistency::local_one,   Consistency::quorum,
    Consistency::local_quorum, Consistency::each_quorum, Consistency::all};
constexpr std::array<std::string_view, 2> serial_names{"serial", "local_serial"};
constexpr std::array<Consistency, 2> serial_consistencies{Consistency::serial,
                                                          Consistency::local_serial};
// Names of enumerators, by their values.
constexpr std::array<std::string_view, 2> compression_names{"none", "lz4"};
constexpr std::array<std::string_view, 2> balancing_names{"token-aware", "round-robin"};
constexpr std::array<std::string_view, 2> retry_names{"next-node", "never"};

// A part of the configuration: a member of the session's options, or of their TLS.
template <class Member>
auto session(Member SessionOptions::* member) {
  return [member](Config& config) -> auto& { return config.cassandra.session.*member; };
}

template <class Member>
auto session_tls(Member SessionTls::* member) {
  return [member](Config& config) -> auto& { return config.cassandra.session.tls.*member; };
}

// Stores the one of `values` whose name it is.
template <class Enum, std::size_t size>
auto into_choice(Enum SessionOptions::* member, const std::array<std::string_view, size>& names,
                 const std::array<Enum, size>& values) {
  return [&, member](Config& config, const SettingValue& value) {
    config.cassandra.session.*member =
        values.at(enumerator<std::size_t>(names, std::get<std::string>(value)));
  };
}

std::optional<Address> contact_point(std::string_view text) {
  return parse_address(text, cassandra_port);
}

std::optional<std::pair<std::string, unsigned>> copies_in(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == text.npos || colon == 0) return std::nullopt;
  const auto copies = parse_number<unsigned>(text.substr(colon + 1));
  if (!copies || *copies == 0) return std::nullopt;
  return std::pair(std::string(text.substr(0, colon)), *copies);
}

ValueKind keyspace_name() {
  return kinds::text_like(
      "NAME",
      "a name of at most 48 small letters, digits and underscores that begins with a letter",
      [](auto text) { return is_small_name(text) && text.size() <= 48 && !text.contains('-'); });
}

ValueKind milliseconds(std::int64_t least, std::int64_t most) {
  auto kind = kinds::whole_number(least, most);
  kind.placeholder = "MS";
  return kind;
}

std::vector<Setting> where_and_what() {
  return {
      {.name = "cassandra-contact-points",
       .kind = kinds::list_of("HOST1,HOST2", "HOST or HOST:PORT, several separated by commas",
                              [](auto text) { return contact_point(text).has_value(); }),
       .help =
           "Some nodes of the cluster; the others are found through them. By default those that "
           "the registry lists under killrvideo/services/cassandra if etcd-endpoints are set, "
           "else 127.0.0.1.",
       .store = into_list(session(&SessionOptions::contact_points), contact_point),
       .also = {{"KILLRVIDEO_DSE_CONTACT_POINTS"}}},
      {.name = "cassandra-local-dc",
       .kind = kinds::text("NAME"),
       .help = "The data centre whose nodes are asked. A cluster with several needs it named.",
       .store = into(session(&SessionOptions::local_data_center))},
      {.name = "cassandra-keyspace",
       .kind = keyspace_name(),
       .fallback = "killrvideo",
       .help = "The keyspace of the tables. It is made if it does not exist, and so are tables and "
               "columns.",
       .store = into([](Config& config) -> auto& { return config.cassandra.keyspace; })},
      {.name = "cassandra-replication",
       .kind =
           kinds::list_of("DC1:3,DC2:3", "data centres with numbers of copies, such as dc1:3,dc2:3",
                          [](auto text) { return copies_in(text).has_value(); }),
       .help = "How many copies of everything a keyspace that is made has, by data centre. By "
               "default three, or as many as there are nodes, if there is one data centre.",
       .store = into_list([](Config& config) -> auto& { return config.cassandra.replication; },
                          copies_in)},
  };
}

std::vector<Setting> login() {
  auto settings =
      login_settings("cassandra", session(&SessionOptions::username),
                     [](Config& config) -> auto& { return config.cassandra.password_file; });
  settings[0].also = {{"KILLRVIDEO_DSE_USERNAME"}};
  settings[1].help +=
      " Without it, the environment variable KILLRVIDEO_DSE_PASSWORD is the password itself.";
  return settings;
}

Setting tls_switch() {
  return {.name = "cassandra-tls",
          .kind = kinds::on_or_off(),
          .fallback = "off",
          .help = "Whether connections are encrypted and servers have to show a certificate.",
          .store = into(session_tls(&SessionTls::enabled))};
}

std::vector<Setting> tls_files() {
  return client_tls_settings("cassandra", "the servers' certificates", "the servers",
                             session(&SessionOptions::tls));
}

Setting tls_verify_host() {
  return {.name = "cassandra-tls-verify-host",
          .kind = kinds::on_or_off(),
          .fallback = "on",
          .help = "Whether a server's certificate has to be for the IP address it is reached at.",
          .store = into(session_tls(&SessionTls::verify_host))};
}

std::vector<Setting> behaviour() {
  return {
      {.name = "cassandra-consistency",
       .kind = kinds::one_of(words(consistency_names)),
       .fallback = "local_quorum",
       .help = "How many copies every read and write waits for. With less than a quorum, calls may "
               "not see what was acknowledged before.",
       .store = into_choice(&SessionOptions::consistency, consistency_names, consistencies)},
      {.name = "cassandra-serial-consistency",
       .kind = kinds::one_of(words(serial_names)),
       .fallback = "local_serial",
       .help = "Whether conditional writes are decided in the local data centre or by all. All "
               "processes on a keyspace have to agree.",
       .store =
           into_choice(&SessionOptions::serial_consistency, serial_names, serial_consistencies)},
      {.name = "cassandra-load-balancing",
       .kind = kinds::one_of(words(balancing_names)),
       .fallback = "token-aware",
       .help = "Which node of the data centre is asked: one that has the data, or all in turn.",
       .store = into_enum(session(&SessionOptions::load_balancing), balancing_names)},
      {.name = "cassandra-retry",
       .kind = kinds::one_of(words(retry_names)),
       .fallback = "next-node",
       .help = "Whether a failed request that is safe to repeat is repeated.",
       .store = into_enum(session(&SessionOptions::retry), retry_names)},
      {.name = "cassandra-speculative-attempts",
       .kind = kinds::whole_number(0, 10),
       .fallback = "1",
       .help = "To how many more nodes a request that is safe to repeat is sent while its answer "
               "is late.",
       .store = into(session(&SessionOptions::speculative_attempts))},
      {.name = "cassandra-speculative-delay-ms",
       .kind = milliseconds(1, 60'000),
       .fallback = "500",
       .help = "After how many milliseconds an answer is late.",
       .store = into(session(&SessionOptions::speculative_delay))},
      {.name = "cassandra-connect-timeout-ms",
       .kind = milliseconds(1, 600'000),
       .fallback = "5000",
       .help = "How many milliseconds opening a connection may take.",
       .store = into(session(&SessionOptions::connect_timeout))},
      {.name = "cassandra-request-timeout-ms",
       .kind = milliseconds(1, 600'000),
       .fallback = "20000",
       .help = "How many milliseconds a request may take, repetitions included; the deadline of "
               "the call that it is for may be earlier.",
       .store = into(session(&SessionOptions::request_timeout))},
      {.name = "cassandra-heartbeat-ms",
       .kind = milliseconds(10, 600'000),
       .fallback = "5000",
       .help = "A node whose connection shows no life for this many milliseconds is given up until "
               "it answers again.",
       .store = into(session(&SessionOptions::heartbeat))},
      {.name = "cassandra-compression",
       .kind = kinds::one_of(words(compression_names)),
       .fallback = "none",
       .help = "How requests and answers are compressed.",
       .store = into_enum(session(&SessionOptions::compression), compression_names)},
      {.name = "cassandra-connections-per-node",
       .kind = kinds::whole_number(1, 1'000),
       .fallback = "1",
       .help = "Each carries many requests at once.",
       .store = into(session(&SessionOptions::connections_per_node))},
      {.name = "cassandra-threads",
       .kind = kinds::whole_number(1, 256),
       .fallback = "2",
       .help = "Threads of the driver, in which services go on with what Cassandra has answered.",
       .store = into(session(&SessionOptions::threads))},
      {.name = "cassandra-max-in-flight",
       .kind = kinds::whole_number(1, 1'000'000),
       .fallback = "16384",
       .help = "How many requests may wait for Cassandra; beyond it clients get "
               "RESOURCE_EXHAUSTED.",
       .store = into(session(&SessionOptions::max_in_flight))},
  };
}

}  // namespace

std::vector<Setting> cassandra_settings() {
  return in_section(
      "Cassandra",
      {where_and_what(), login(), {tls_switch()}, tls_files(), {tls_verify_host()}, behaviour()});
}

}  // namespace killrvideo
