// The registry of services, as configured.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "app/config.hpp"
#include "registry/registration.hpp"

namespace killrvideo {

/// Throws Error invalid_argument that names the setting if the password is missing or a file cannot
/// be used.
void check_registry(const RegistryConfig& config);

/// Begins to announce, and goes on for as long as the Registration lives, that `services`
/// ("killrvideo.comments.CommentsService") are served on `port`. Nothing if there is no registry.
std::unique_ptr<registry::Registration> announce(const RegistryConfig& config,
                                                 const std::vector<std::string>& services,
                                                 std::uint16_t port, prometheus::Registry& metrics);

/// The nodes of Cassandra that the registry lists now. Throws Error unavailable if there are none,
/// or if the registry does not answer within some seconds. REQUIRES: there is a registry.
std::vector<Address> look_up_cassandra(const RegistryConfig& config);

}  // namespace killrvideo
