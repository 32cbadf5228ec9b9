#include "app/client_settings.hpp"

namespace killrvideo {
namespace {

using registry::EtcdOptions;

constexpr std::uint16_t etcd_port = 2379;
// By the values of the enumerators.
constexpr std::array<std::string_view, 2> api_names{"v3", "v2"};

template <class Member>
auto part(Member RegistryConfig::* member) {
  return [member](Config& config) -> auto& { return config.registry.*member; };
}

template <class Member>
auto option(Member EtcdOptions::* member) {
  return [member](Config& config) -> auto& { return config.registry.etcd.*member; };
}

std::optional<http::Endpoint> etcd_endpoint(std::string_view text) {
  return http::parse_endpoint(text, etcd_port);
}

// Part of a key, in which slashes and colons part the words.
ValueKind part_of_key() {
  return kinds::text_like("NAME", "letters, digits, dots, hyphens and underscores", is_name);
}

}  // namespace

std::vector<Setting> etcd_settings() {
  std::vector<Setting> endpoints{
      {.name = "etcd-endpoints",
       .kind = kinds::list_of(
           "URL1,URL2",
           "http://HOST:PORT, https://HOST:PORT or HOST:PORT, several separated by commas",
           [](auto text) { return etcd_endpoint(text).has_value(); }),
       .help = "The members of an etcd cluster in which each service is announced; while one does "
               "not answer, the next is asked. Without any, there is no registry.",
       .store = into_list(option(&EtcdOptions::endpoints), etcd_endpoint)},
      {.name = "etcd-api",
       .kind = kinds::one_of(words(api_names)),
       .fallback = "v3",
       .help =
           "The interface of etcd that is used. What is written through one is not seen through "
           "the other: v2 is for clients that read it.",
       .store = into_enum(option(&EtcdOptions::api), api_names)},
  };
  auto login =
      login_settings("etcd", option(&EtcdOptions::username), part(&RegistryConfig::password_file));
  auto tls_files = client_tls_settings("etcd", "the certificates of https endpoints",
                                       "https endpoints", option(&EtcdOptions::tls));
  return in_section("Registry", {std::move(endpoints), std::move(login), std::move(tls_files)});
}

std::vector<Setting> announcement_settings() {
  return in_section(
      "Registry",
      {{
          {.name = "service-host",
           .kind = kinds::text("192.0.2.1"),
           .help =
               "The address under which clients reach this host, for the registry; by default that "
               "of grpc-address. With etcd-endpoints it has to be a numeric IPv4 address.",
           .store = into(part(&RegistryConfig::service_host))},
          {.name = "application-name",
           .kind = part_of_key(),
           .fallback = "killrvideo",
           .help = "Ends the keys in the registry: killrvideo/services/CommentsService/killrvideo.",
           .store = into(part(&RegistryConfig::application_name))},
          {.name = "application-instance",
           .kind = part_of_key(),
           .help = "Comes after the name and a colon, so that several processes have keys of their "
                   "own. "
                   "Without it, the last one of the same name has the key.",
           .store = into(part(&RegistryConfig::application_instance))},
          {.name = "etcd-lease",
           .kind = kinds::seconds(3, 3600),
           .fallback = "30",
           .help = "How long the registry names a process that has died.",
           .store = into(part(&RegistryConfig::lease))},
      }});
}

}  // namespace killrvideo
