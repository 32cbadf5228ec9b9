#include "app/client_settings.hpp"

namespace killrvideo {
namespace {

constexpr std::uint16_t kafka_port = 9092;
constexpr std::string_view no_login = "none";
constexpr std::size_t longest_name = 200;  // of 249, as groups' names have a part of ours behind

template <class Member>
auto option(Member kafka::Options::* member) {
  return [member](Config& config) -> auto& { return config.kafka.options.*member; };
}

std::optional<Address> bootstrap_server(std::string_view text) {
  return parse_address(text, kafka_port);
}

// As Kafka spells it: in capitals.
void store_mechanism(Config& config, const SettingValue& value) {
  auto mechanism = std::get<std::string>(value);
  if (mechanism == no_login) mechanism.clear();
  std::ranges::transform(mechanism, mechanism.begin(),
                         [](char c) { return c >= 'a' && c <= 'z' ? char(c - 'a' + 'A') : c; });
  config.kafka.options.sasl_mechanism = mechanism;
}

// What Kafka takes for a name of a topic.
ValueKind name_in_kafka() {
  return kinds::text_like("NAME", "up to 200 letters, digits, dots, hyphens and underscores",
                          [](auto text) { return is_name(text) && text.size() <= longest_name; });
}

std::vector<Setting> connection() {
  return {
      {.name = "kafka-bootstrap-servers",
       .kind = kinds::list_of("HOST1,HOST2", "HOST or HOST:PORT, several separated by commas",
                              [](auto text) { return bootstrap_server(text).has_value(); }),
       .help = "Some brokers of Kafka, through which events then go; the other brokers are found "
               "through them. Without any, events stay in this program.",
       .store = into_list(option(&kafka::Options::bootstrap_servers), bootstrap_server)},
      {.name = "kafka-tls",
       .kind = kinds::on_or_off(),
       .fallback = "off",
       .help = "Whether connections to Kafka are encrypted.",
       .store = into(option(&kafka::Options::tls))},
  };
}

Setting sasl_mechanism() {
  return {.name = "kafka-sasl-mechanism",
          .kind = kinds::one_of({no_login, "plain", "scram-sha-256", "scram-sha-512"}),
          .fallback = no_login,
          .help =
              "How to log in. plain sends the password as it is: use it with kafka-tls only. "
              "scram takes librdkafka 2.6.1 or a broker before Kafka 4.0.",
          .store = store_mechanism};
}

std::vector<Setting> topics_and_groups() {
  return {
      {.name = "kafka-group-prefix",
       .kind = name_in_kafka(),
       .fallback = "killrvideo",
       .help = "Begins the names of consumer groups, killrvideo-recommender. Processes with a "
               "prefix share the work on one store; those of another store need another one.",
       .store = into(option(&kafka::Options::group_prefix))},
      {.name = "kafka-dead-letter-topic",
       .kind = name_in_kafka(),
       .fallback = "topic-kv-deadLetters",
       .help = "Gets the records that a consumer failed to handle event-tries times.",
       .store = into(option(&kafka::Options::dead_letter_topic))},
      {.name = "kafka-partitions",
       .kind = kinds::whole_number(1, 10'000),
       .fallback = "6",
       .help = "How many partitions the topics get that are missing and made.",
       .store = into(option(&kafka::Options::partitions))},
      {.name = "kafka-replication-factor",
       .kind = kinds::whole_number(0, 100),
       .fallback = "0",
       .help = "On how many brokers they are; 0 is as the brokers are configured. Three lose "
               "nothing when one is lost.",
       .store = into(option(&kafka::Options::replication_factor))},
  };
}

}  // namespace

std::vector<Setting> kafka_settings() {
  auto tls_files =
      client_tls_settings("kafka", "the brokers' certificates", "brokers",
                          [](Config& config) -> auto& { return config.kafka.options; });
  auto login = login_settings("kafka", option(&kafka::Options::username),
                              [](Config& config) -> auto& { return config.kafka.password_file; });
  return in_section("Kafka", {connection(),
                              std::move(tls_files),
                              {sasl_mechanism()},
                              std::move(login),
                              topics_and_groups()});
}

}  // namespace killrvideo
