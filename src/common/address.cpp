#include "common/address.hpp"

#include <arpa/inet.h>
#include <strings.h>

#include <algorithm>
#include <boost/asio/ip/address.hpp>

#include "common/number.hpp"

namespace killrvideo {
namespace {

bool is_host(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7f; }) &&
         text.find_first_of("[]/") == text.npos;
}

}  // namespace

std::optional<Address> parse_address(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == text.npos) return std::nullopt;
  auto host = text.substr(0, colon);
  const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (bracketed) host = host.substr(1, host.size() - 2);
  if (!is_host(host) || bracketed != host.contains(':')) return std::nullopt;
  const auto port = parse_number<std::uint16_t>(text.substr(colon + 1));
  if (!port) return std::nullopt;
  return Address{std::string(host), *port};
}

std::optional<Address> parse_address(std::string_view text, std::uint16_t default_port) {
  if (auto address = parse_address(text)) return address;
  return parse_address(std::string(text) + ":" + std::to_string(default_port));
}

bool is_reachable_ipv4(const std::string& host) {
  in_addr address{};
  return ::inet_pton(AF_INET, host.c_str(), &address) == 1 && address.s_addr != INADDR_ANY;
}

bool is_this_host(const std::string& host) {
  if (::strcasecmp(host.c_str(), "localhost") == 0) return true;
  boost::system::error_code error;
  const auto address = boost::asio::ip::make_address(host, error);
  return !error && (address.is_loopback() || address.is_unspecified());
}

std::string to_string(const Address& address) {
  const bool ipv6 = address.host.contains(':');
  return (ipv6 ? "[" + address.host + "]" : address.host) + ":" + std::to_string(address.port);
}

std::string to_string(std::span<const Address> addresses) {
  std::string list;
  for (const Address& address : addresses) list += (list.empty() ? "" : ",") + to_string(address);
  return list;
}

}  // namespace killrvideo
