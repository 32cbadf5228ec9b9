// Where another server is, and how one connects to it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "common/address.hpp"

namespace killrvideo::http {

struct Endpoint {
  Address address;
  bool tls = false;

  friend bool operator==(const Endpoint&, const Endpoint&) = default;
};

/// Reads "http://HOST:PORT", "https://HOST:PORT" or "HOST:PORT"; the port may be missing. Nothing
/// if it is none of these.
std::optional<Endpoint> parse_endpoint(std::string_view text, std::uint16_t default_port);

/// "https://HOST:PORT"
std::string to_string(const Endpoint& endpoint);

/// Files in PEM for connections with TLS; a server always has to show a certificate for its host.
struct ClientTls {
  std::filesystem::path ca{};           ///< who may have signed servers; empty: the system's
  std::filesystem::path certificate{};  ///< of ours, with `key`, for servers that ask for one
  std::filesystem::path key{};
};

}  // namespace killrvideo::http
