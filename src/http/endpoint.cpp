#include "http/endpoint.hpp"

namespace killrvideo::http {

std::optional<Endpoint> parse_endpoint(std::string_view text, std::uint16_t default_port) {
  const bool tls = text.starts_with("https://");
  if (tls || text.starts_with("http://")) {
    text.remove_prefix(tls ? 8 : 7);
    if (text.ends_with('/')) text.remove_suffix(1);
  }
  auto address = parse_address(text, default_port);
  // No user in front: it has settings of its own.
  if (!address || address->host.contains('@')) return std::nullopt;
  return Endpoint{*std::move(address), tls};
}

std::string to_string(const Endpoint& endpoint) {
  return (endpoint.tls ? "https://" : "http://") + to_string(endpoint.address);
}

}  // namespace killrvideo::http
