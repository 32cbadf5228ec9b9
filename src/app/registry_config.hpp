// The configuration of the registry of services.
#pragma once

#include <chrono>
#include <filesystem>
#include <string>

#include "registry/etcd_options.hpp"

namespace killrvideo {

struct RegistryConfig {
  registry::EtcdOptions etcd{};           ///< without its password; no endpoints: no registry
  std::filesystem::path password_file{};  ///< empty: there is none
  std::chrono::seconds lease{};
  std::string application_name{};
  std::string application_instance{};  ///< empty: not in the keys
  std::string service_host{};          ///< a numeric IPv4 address, if there is a registry

  bool enabled() const { return !etcd.endpoints.empty(); }
};

}  // namespace killrvideo
