// A network address in the notation of configuration and messages.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace killrvideo {

struct Address {
  std::string host;  ///< A name or a numeric address; an IPv6 address without its brackets.
  std::uint16_t port = 0;

  friend bool operator==(const Address&, const Address&) = default;
};

/// Reads "HOST:PORT", with an IPv6 host in brackets ("[::1]:80"); nothing if `text` has another
/// form.
std::optional<Address> parse_address(std::string_view text);

/// The same, but ":PORT" may be missing.
std::optional<Address> parse_address(std::string_view text, std::uint16_t default_port);

/// Whether a host is the numeric IPv4 address of some host: not a name, IPv6 or 0.0.0.0.
bool is_reachable_ipv4(const std::string& host);

/// Whether a host is this one, by name (localhost) or by address (127.0.0.0/8, ::1, 0.0.0.0, ::).
bool is_this_host(const std::string& host);

/// The inverse of parse_address.
std::string to_string(const Address& address);
/// All of them, separated by commas.
std::string to_string(std::span<const Address> addresses);

}  // namespace killrvideo
