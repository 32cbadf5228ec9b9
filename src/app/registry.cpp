#include "app/registry.hpp"

#include <chrono>

#include "app/password_file.hpp"
#include "common/error.hpp"
#include "common/expects.hpp"

namespace killrvideo {
namespace {

using namespace std::chrono_literals;

// Known to all who use the registry.
constexpr std::string_view root = "killrvideo/services/";
// A look-up may be in the way of a shutdown.
constexpr auto look_up_limit = 2s;

std::unique_ptr<registry::Etcd> open(const RegistryConfig& config) {
  auto options = config.etcd;
  options.password = login_password("etcd", options.username, config.password_file);
  return registry::make_etcd(options);
}

std::string key_of(std::string_view service, const RegistryConfig& config) {
  const auto name = service.substr(service.rfind('.') + 1);
  auto key = std::string(root).append(name).append("/").append(config.application_name);
  if (!config.application_instance.empty()) key += ":" + config.application_instance;
  return key;
}

}  // namespace

void check_registry(const RegistryConfig& config) {
  if (!config.enabled()) return;
  try {
    open(config);
  } catch (const Error& error) {
    if (!error.field().starts_with("tls-")) throw;
    throw Error(Code::invalid_argument, "etcd-" + std::string(error.what()));
  }
}

std::unique_ptr<registry::Registration> announce(const RegistryConfig& config,
                                                 const std::vector<std::string>& services,
                                                 std::uint16_t port,
                                                 prometheus::Registry& metrics) {
  if (!config.enabled()) return nullptr;
  std::vector<registry::Entry> entries;
  entries.reserve(services.size());
  for (const auto& service : services)
    entries.push_back({key_of(service, config), to_string(Address{config.service_host, port})});
  return std::make_unique<registry::Registration>(open(config), std::move(entries), config.lease,
                                                  metrics);
}

std::vector<Address> look_up_cassandra(const RegistryConfig& config) {
  expects(config.enabled(), "there is a registry");
  const auto folder = std::string(root) + "cassandra";
  std::vector<Address> nodes;
  for (const auto& text :
       open(config)->list(folder, {std::chrono::steady_clock::now() + look_up_limit})) {
    if (auto node = parse_address(text, cassandra_port)) nodes.push_back(*std::move(node));
  }
  if (nodes.empty())
    throw Error(Code::unavailable, "the registry has no node of Cassandra under " + folder +
                                       "; cassandra-contact-points may name some");
  return nodes;
}

}  // namespace killrvideo
