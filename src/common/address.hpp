// A network address as configuration and messages spell it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace killrvideo {

struct Address {
  std::string host;  ///< A name or a numeric address; an IPv6 address without its brackets.
  std::uint16_t port = 0;

  friend bool operator==(const Address&, const Address&) = default;
};

/// Reads "HOST:PORT", with an IPv6 host in brackets ("[::1]:80"); nothing if it is not that.
std::optional<Address> parse_address(std::string_view text);

/// The inverse of parse_address.
std::string to_string(const Address& address);

}  // namespace killrvideo
