#include "catalog/youtube.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "common/text.hpp"

namespace killrvideo {
namespace {

constexpr std::size_t id_size = 11;
constexpr std::array<std::string_view, 3> hosts{"youtu.be", "youtube.com", "youtube-nocookie.com"};
constexpr std::string_view short_host = "youtu.be";
constexpr std::array<std::string_view, 4> host_prefixes{"www.", "m.", "music.", "gaming."};
// Paths that the id follows, and paths that have it as a parameter.
constexpr std::array<std::string_view, 7> id_paths{"watch", "embed", "shorts", "live",
                                                   "v",     "vi",    "e"};
constexpr std::array<std::string_view, 3> parameter_paths{"", "watch", "watch_popup"};
// Words in paths that are as long as an id.
constexpr std::array<std::string_view, 3> words_like_ids{"videoseries", "live_stream",
                                                         "watch_popup"};
constexpr std::array<std::string_view, 5> zero_width{"\u200B", "\u200C", "\u200D", "\u2060",
                                                     "\uFEFF"};
// Separators between path and parameters; some URLs have another one instead of a question mark.
constexpr std::string_view separators = "?&;#";

bool contains(auto& list, std::string_view text) {
  return std::ranges::find(list, text) != list.end();
}

bool is_id_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '_';
}

bool is_id(std::string_view text) {
  return text.size() == id_size && std::ranges::all_of(text, is_id_character);
}

/// The id at the front of `text`, if it ends there.
std::optional<std::string> id_at_front(std::string_view text) {
  const auto end = std::ranges::find_if_not(text, is_id_character);
  const std::string_view word(text.begin(), end);
  return is_id(word) ? std::optional<std::string>(word) : std::nullopt;
}

std::string_view without_surroundings(std::string_view text) {
  for (bool done = false; !done;) {
    const auto size = text.size();
    text = trim(text);
    for (const auto sign : zero_width) {
      if (text.starts_with(sign)) text.remove_prefix(sign.size());
      if (text.ends_with(sign)) text.remove_suffix(sign.size());
    }
    done = text.size() == size;
  }
  return text;
}

/// Removes everything up to the first of `ends` from the front.
std::string_view take_until(std::string_view& text, std::string_view ends) {
  const auto taken = text.substr(0, text.find_first_of(ends));
  text.remove_prefix(taken.size());
  return taken;
}

struct Url {
  std::string scheme;  ///< in lower case; empty if there is none
  bool has_user = false;
  std::string host;       ///< in lower case, without port and final dot
  std::string_view rest;  ///< what follows the host
};

Url parse_url(std::string_view text) {
  Url url;
  if (const auto scheme = text.find("://"); scheme < text.find_first_of("/?#")) {
    url.scheme = lower_ascii(text.substr(0, scheme));
    text.remove_prefix(scheme + 1);
  }
  if (text.starts_with("//")) text.remove_prefix(2);
  auto authority = take_until(text, "/?#");
  if (const auto user = authority.rfind('@'); user != authority.npos) {
    url.has_user = true;
    authority.remove_prefix(user + 1);
  }
  if (const auto port = authority.rfind(':'); port != authority.npos) {
    const auto digits = authority.substr(port + 1);
    if (digits.find_first_not_of("0123456789") == digits.npos)
      authority = authority.substr(0, port);
  }
  if (authority.ends_with('.')) authority.remove_suffix(1);
  url.host = lower_ascii(authority);
  url.rest = text;
  return url;
}

/// The host without a prefix such as "www.".
std::string_view main_host(const Url& url) {
  std::string_view host = url.host;
  for (const auto prefix : host_prefixes)
    if (host.starts_with(prefix)) return host.substr(prefix.size());
  return host;
}

/// Removes the next word of a path from the front.
std::string_view take_word(std::string_view& path) {
  path.remove_prefix(std::min(path.find_first_not_of('/'), path.size()));
  return take_until(path, "/");
}

std::optional<std::string> id_in_path(std::string_view word) {
  auto id = id_at_front(word);
  return id && !contains(words_like_ids, *id) ? id : std::nullopt;
}

/// Calls `visit` with the name and the value of each parameter until it returns something.
template <class Visit>
std::optional<std::string> each_parameter(std::string_view text, const Visit& visit) {
  while (!text.empty()) {
    text.remove_prefix(1);
    auto parameter = take_until(text, separators);
    if (parameter.starts_with('!')) parameter.remove_prefix(1);
    const auto equals = std::min(parameter.find('='), parameter.size());
    const auto value = parameter.substr(std::min(equals + 1, parameter.size()));
    if (auto found = visit(parameter.substr(0, equals), value)) return found;
  }
  return std::nullopt;
}

std::optional<std::string> id_in_parameters(std::string_view parameters) {
  return each_parameter(parameters, [](std::string_view name, std::string_view value) {
    return name == "v" || name == "vi" ? id_at_front(value) : std::nullopt;
  });
}

/// Decodes percent-encoding; leaves invalid sequences unchanged.
std::string decoded(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    unsigned char byte{};
    const bool encoded = text.size() >= 3 && text.front() == '%' &&
                         std::from_chars(&text[1], &text[1] + 2, byte, 16).ptr == &text[1] + 2;
    result += encoded ? static_cast<char>(byte) : text.front();
    text.remove_prefix(encoded ? 3 : 1);
  }
  return result;
}

std::optional<std::string> id_behind_host(std::string_view host, std::string_view rest) {
  auto path = take_until(rest, separators);
  const auto first = take_word(path);
  const auto second = take_word(path);
  std::optional<std::string> id;
  if (host == short_host) id = id_in_path(first);
  if (!id && contains(id_paths, first)) id = id_in_path(second);
  if (!id && contains(parameter_paths, first)) id = id_in_parameters(rest);
  return id;
}

/// The id in the target of an attribution link, which tells who shared the video.
std::optional<std::string> id_in_attribution(std::string_view host, std::string_view rest) {
  auto path = take_until(rest, separators);
  if (take_word(path) != "attribution_link") return std::nullopt;
  return each_parameter(rest, [&](std::string_view name, std::string_view value) {
    return name == "u" ? id_behind_host(host, decoded(value)) : std::nullopt;
  });
}

}  // namespace

std::optional<std::string> youtube_id(std::string_view text) {
  text = without_surroundings(text);
  if (is_id(text)) return std::string(text);
  const Url url = parse_url(text);
  const bool web = url.scheme.empty() || url.scheme == "http" || url.scheme == "https";
  const auto host = main_host(url);
  if (!web || url.has_user || !contains(hosts, host)) return std::nullopt;
  auto id = id_behind_host(host, url.rest);
  return id ? id : id_in_attribution(host, url.rest);
}

bool is_on_youtube(std::string_view text) {
  const Url url = parse_url(without_surroundings(text));
  return contains(hosts, main_host(url));
}

std::string youtube_preview(std::string_view id) {
  return "//img.youtube.com/vi/" + std::string(id) + "/hqdefault.jpg";
}

}  // namespace killrvideo
