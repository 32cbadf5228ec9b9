#include "app/config.hpp"

#include <toml++/toml.h>

#include <algorithm>
#include <cstdlib>

#include "app/settings.hpp"
#include "app/suggest.hpp"
#include "common/error.hpp"
#include "common/expects.hpp"

namespace killrvideo {
namespace {

constexpr std::string_view default_origin = "the default";

struct Given {
  std::string text;
  std::string origin;
};

using FileSettings = std::map<std::string, Given, std::less<>>;

[[noreturn]] void fail(std::string_view setting, const std::string& reason) {
  throw invalid(std::string(setting), reason);
}

std::string at(const std::string& path, const toml::source_region& region) {
  return path + ":" + std::to_string(region.begin.line);
}

std::vector<std::string_view> file_keys() {
  std::vector<std::string_view> keys;
  for (const auto& setting : all_settings()) {
    if (setting.in_file) keys.push_back(setting.name);
  }
  return keys;
}

// A list becomes what a flag would be given: "users,catalog".
std::string text_of_array(const Setting& setting, const toml::array& array,
                          const std::string& origin) {
  std::string text;
  for (const auto& element : array) {
    const auto* word = element.as_string();
    if (word == nullptr) {
      fail(setting.name,
           "the list (from " + origin + ") may hold texts only; it takes " + setting.kind.allowed);
    }
    if (!text.empty()) text += ',';
    text += word->get();
  }
  return text;
}

std::string text_of(const Setting& setting, const toml::node& node, const std::string& origin) {
  if (const auto* value = node.as_string()) return value->get();
  if (const auto* value = node.as_integer()) return std::to_string(value->get());
  if (const auto* value = node.as_boolean()) return value->get() ? "true" : "false";
  if (const auto* value = node.as_array()) return text_of_array(setting, *value, origin);
  fail(setting.name,
       "the value (from " + origin + ") is not allowed; it takes " + setting.kind.allowed);
}

Given read_key(const std::string& path, std::string_view key, const toml::node& node,
               const toml::source_region& key_region) {
  const auto origin = at(path, key_region);
  const auto* setting = find_setting(key);
  if (setting == nullptr || !setting->in_file) {
    fail(key, "unknown key (in " + origin + ")" + did_you_mean(key, file_keys()));
  }
  Given given{text_of(*setting, node, origin), origin};
  parse_value(*setting, given.text, given.origin);
  return given;
}

FileSettings read_file(const std::string& path) {
  try {
    FileSettings settings;
    for (const auto& [key, node] : toml::parse_file(path)) {
      settings.emplace(key.str(), read_key(path, key.str(), node, key.source()));
    }
    return settings;
  } catch (const toml::parse_error& error) {
    fail("config", at(path, error.source()) + ": " + std::string(error.description()));
  }
}

std::optional<Given> from_environment(const Setting& setting, const Sources& sources,
                                      const std::string& current) {
  std::optional<Given> given;
  const auto look = [&](const std::string& name, decltype(EnvironmentName::combine) combine) {
    const auto text = sources.environment(name);
    if (!text || text->empty()) return;
    const auto& base = given ? given->text : current;
    given =
        Given{combine != nullptr ? combine(base, *text) : *text, "environment variable " + name};
    parse_value(setting, given->text, given->origin);
  };
  // Our own name comes last and so has the last word.
  for (const auto& also : setting.also) look(std::string(also.name), also.combine);
  look(environment_name(setting), nullptr);
  return given;
}

std::optional<Given> from_flags(const Setting& setting, const Sources& sources) {
  const auto flag = sources.flags.find(setting.name);
  if (flag == sources.flags.end()) return std::nullopt;
  Given given{flag->second, "--" + std::string(setting.name)};
  parse_value(setting, given.text, given.origin);
  return given;
}

Given choose(const Setting& setting, const Sources& sources, const FileSettings& file) {
  Given chosen{std::string(setting.fallback), std::string(default_origin)};
  if (const auto found = file.find(setting.name); found != file.end()) chosen = found->second;
  if (auto given = from_environment(setting, sources, chosen.text)) chosen = *std::move(given);
  if (auto given = from_flags(setting, sources)) chosen = *std::move(given);
  return chosen;
}

FileSettings read_configured_file(const Sources& sources) {
  const auto& setting = *find_setting("config");
  const auto chosen = choose(setting, sources, {});
  if (chosen.text.empty()) return {};
  const auto file = parse_value(setting, chosen.text, chosen.origin);
  check_usable(setting, file, chosen.origin);
  return read_file(std::get<std::filesystem::path>(file).native());
}

void store(Config& config, const Chosen& chosen) {
  if (chosen.text.empty()) return;
  const auto value = parse_value(*chosen.setting, chosen.text, chosen.origin);
  check_usable(*chosen.setting, value, chosen.origin);
  if (chosen.setting->store) chosen.setting->store(config, value);
}

void check_tls(const TlsConfig& tls) {
  check_pair("tls", tls.certificate, tls.key);
  if (!tls.client_ca.empty() && tls.certificate.empty()) {
    fail("tls-client-ca", "asks clients for certificates, which needs tls-certificate and tls-key");
  }
}

// Without a registry nobody is told of the host, so whatever deployments set is right.
void check_registry_host(const Config& config, std::span<const Chosen> chosen) {
  const auto& given = config.registry.service_host;
  const auto& host = given.empty() ? config.grpc_address.host : given;
  if (!config.registry.enabled() || is_reachable_ipv4(host)) return;
  const std::string needs =
      "the registry of etcd-endpoints needs a numeric IPv4 address that clients reach, as its old "
      "readers take nothing else";
  if (given.empty())
    fail("service-host", "missing: " + needs + ", and " + host + " of grpc-address is none");
  const auto setting = std::ranges::find(chosen, "service-host",
                                         [](const Chosen& choice) { return choice.setting->name; });
  fail("service-host", "'" + given + "' (from " + setting->origin + ") is not allowed: " + needs);
}

void check_together(const Config& config, std::span<const Chosen> chosen) {
  check_tls(config.tls);
  const auto& cassandra = config.cassandra.session.tls;
  check_client_tls("cassandra-tls", cassandra.enabled, cassandra);
  // The URLs say whether these are encrypted.
  check_client_tls("etcd-tls", true, config.registry.etcd.tls);
  check_client_tls("opensearch-tls", true, config.search.opensearch.tls);
  check_registry_host(config, chosen);
  if (config.grpc_address == config.http_address && config.grpc_address.port != 0) {
    fail("http-address", to_string(config.http_address) + " is grpc-address already; use another");
  }
}

// The defaults that depend on other settings.
void complete(Config& config) {
  auto& host = config.registry.service_host;
  if (host.empty()) host = config.grpc_address.host;
  auto& nodes = config.cassandra.session.contact_points;
  if (nodes.empty() && !config.registry.enabled()) nodes = {{"127.0.0.1", cassandra_port}};
}

}  // namespace

void check_pair(const std::string& names, const std::filesystem::path& certificate,
                const std::filesystem::path& key) {
  if (certificate.empty() == key.empty()) return;
  fail(names + (key.empty() ? "-key" : "-certificate"),
       "missing: " + names + "-certificate and " + names + "-key are set together or not at all");
}

std::optional<std::string> process_environment(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value != nullptr ? std::optional<std::string>(value) : std::nullopt;
}

std::vector<Chosen> choose_settings(std::span<const std::string_view> names,
                                    const Sources& sources) {
  const bool may_have_file = std::ranges::find(names, "config") != names.end();
  const auto file = may_have_file ? read_configured_file(sources) : FileSettings{};
  std::vector<Chosen> result;
  for (const auto name : names) {
    const auto* setting = find_setting(name);
    expects(setting != nullptr, "there are settings of these names");
    auto chosen = choose(*setting, sources, file);
    result.push_back({setting, std::move(chosen.text), std::move(chosen.origin)});
  }
  return result;
}

Config make_config(std::span<const Chosen> chosen) {
  Config config = default_config();
  for (const auto& setting : chosen) store(config, setting);
  check_together(config, chosen);
  complete(config);
  return config;
}

Config default_config() {
  Config config;
  for (const auto& setting : all_settings()) {
    store(config, {&setting, std::string(setting.fallback), std::string(default_origin)});
  }
  return config;
}

}  // namespace killrvideo
