// etcd's old interface: a tree of keys, each with its own time to live.

#include <boost/url/encode.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>

#include "registry/etcd_cluster.hpp"
#include "registry/json_members.hpp"

namespace killrvideo::registry {
namespace {

std::string encoded(std::string_view text) {
  return boost::urls::encode(text, boost::urls::unreserved_chars);
}

std::string time_to_live(std::chrono::seconds lifetime) {
  return "ttl=" + std::to_string(lifetime.count());
}

class EtcdV2 final : public Etcd {
 public:
  explicit EtcdV2(const EtcdOptions& options)
      : cluster_(options), headers_{{"Content-Type", "application/x-www-form-urlencoded"}} {
    if (!options.username.empty())
      headers_.push_back(http::basic_authorization(options.username, options.password));
  }

  std::vector<std::string> list(const std::string& folder, const http::Until& until) override {
    auto answer = ask("GET", folder, {}, until);
    if (answer.status == 404) return {};
    std::vector<std::string> values;
    const auto found = member_of(accepted(std::move(answer)).body, "node");
    for (const auto& node : array_in(found, "nodes")) {
      // Folders have no value.
      if (auto value = text_in(node, "value"); !value.empty()) values.push_back(std::move(value));
    }
    return values;
  }

  void put(const std::vector<Entry>& entries, std::chrono::seconds lifetime,
           const http::Until& until) override {
    entries_.clear();
    lifetime_ = lifetime;
    for (const auto& entry : entries) {
      entries_.push_back(entry);
      accepted(ask("PUT", entry.key, "value=" + encoded(entry.value) + "&" + time_to_live(lifetime),
                   until));
    }
  }

  bool keep_alive(const http::Until& until) override {
    // `refresh` changes only the expiry and does not notify watchers of the key.
    const auto body = time_to_live(lifetime_) + "&refresh=true&prevExist=true";
    for (const auto& entry : entries_) {
      auto answer = ask("PUT", entry.key, body, until);
      if (answer.status == 404) return false;
      accepted(std::move(answer));
    }
    return true;
  }

  void remove(const http::Until& until) override {
    for (const auto& entry : entries_) {
      auto answer = ask("DELETE", entry.key + "?prevValue=" + encoded(entry.value), {}, until);
      // The key has expired, or another process has written it.
      if (answer.status == 404 || answer.status == 412) continue;
      accepted(std::move(answer));
    }
  }

 private:
  EtcdAnswer ask(const char* method, const std::string& key, std::string body,
                 const http::Until& until) {
    return cluster_.ask({method, "/v2/keys/" + key, std::move(body), headers_}, until);
  }

  EtcdCluster cluster_;
  std::vector<http::Header> headers_;
  std::vector<Entry> entries_;
  std::chrono::seconds lifetime_{};
};

}  // namespace

std::unique_ptr<Etcd> make_etcd_v2(const EtcdOptions& options) {
  return std::make_unique<EtcdV2>(options);
}

}  // namespace killrvideo::registry
