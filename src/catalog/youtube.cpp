#include "catalog/youtube.hpp"

#include <algorithm>
#include <array>
#include <boost/url.hpp>

namespace killrvideo {
namespace {

namespace urls = boost::urls;

constexpr std::size_t id_size = 11;
constexpr std::string_view short_host = "youtu.be";
constexpr std::array<std::string_view, 3> host_prefixes{"www.", "m.", "music."};
constexpr std::array<std::string_view, 2> hosts{"youtube.com", "youtube-nocookie.com"};
constexpr std::array<std::string_view, 5> paths{"embed", "shorts", "live", "v", "e"};

bool is_id(std::string_view text) {
  return text.size() == id_size && std::ranges::all_of(text, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '-' || c == '_';
         });
}

std::optional<std::string> checked(std::string id) {
  return is_id(id) ? std::optional(std::move(id)) : std::nullopt;
}

std::string host_of(const urls::url_view& url) {
  std::string host = url.host();
  std::ranges::transform(host, host.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  for (std::string_view prefix : host_prefixes)
    if (host.starts_with(prefix)) return host.substr(prefix.size());
  return host;
}

std::optional<std::string> id_in(const urls::url_view& url) {
  std::string host = host_of(url);
  auto segments = url.segments();
  if (segments.empty()) return std::nullopt;
  std::string first = *segments.begin();
  if (host == short_host) return checked(first);
  if (std::ranges::find(hosts, host) == hosts.end()) return std::nullopt;
  if (first == "watch") {
    auto params = url.params();
    auto at = params.find("v");
    return at == params.end() ? std::nullopt : checked(std::string((*at).value));
  }
  if (segments.size() < 2 || std::ranges::find(paths, first) == paths.end()) return std::nullopt;
  return checked(std::string(*std::next(segments.begin())));
}

}  // namespace

std::optional<std::string> youtube_id(std::string_view text) {
  if (is_id(text)) return std::string(text);
  std::string address(text);
  if (address.starts_with("//")) address = "https:" + address;
  if (address.find("://") == address.npos) address = "https://" + address;
  auto url = urls::parse_uri(address);
  if (!url) return std::nullopt;
  bool web = url->scheme_id() == urls::scheme::https || url->scheme_id() == urls::scheme::http;
  return web ? id_in(*url) : std::nullopt;
}

std::string youtube_preview(std::string_view id) {
  return "//img.youtube.com/vi/" + std::string(id) + "/hqdefault.jpg";
}

}  // namespace killrvideo
