// etcd's current interface, through its JSON gateway: the keys belong to a lease.

#include <algorithm>
#include <boost/json/serialize.hpp>

#include "http/base64.hpp"
#include "registry/etcd_cluster.hpp"
#include "registry/json_members.hpp"

namespace killrvideo::registry {
namespace {

namespace json = boost::json;

class EtcdV3 final : public Etcd {
 public:
  explicit EtcdV3(const EtcdOptions& options)
      : cluster_(options), username_(options.username), password_(options.password) {}

  std::vector<std::string> list(const std::string& folder, const http::Until& until) override {
    // The range ends at the first key after all that start with "folder/": '0' follows '/'.
    const auto answer =
        ask("/v3/kv/range",
            {{"key", to_base64(folder + "/")}, {"range_end", to_base64(folder + "0")}}, until);
    std::vector<std::string> values;
    for (const auto& found : array_in(answer.body, "kvs")) {
      const auto key = from_base64(text_in(found, "key"));
      const auto value = from_base64(text_in(found, "value"));
      if (key && value && !key->substr(folder.size() + 1).contains('/')) values.push_back(*value);
    }
    return values;
  }

  void put(const std::vector<Entry>& entries, std::chrono::seconds lifetime,
           const http::Until& until) override {
    const auto granted = ask("/v3/lease/grant", {{"TTL", lifetime.count()}}, until);
    entries_ = entries;
    lease_ = text_in(granted.body, "ID");
    json::array puts;
    for (const auto& entry : entries_)
      puts.emplace_back(json::object{
          {"request_put",
           {{"key", to_base64(entry.key)}, {"value", to_base64(entry.value)}, {"lease", lease_}}}});
    ask("/v3/kv/txn", {{"success", std::move(puts)}}, until);
  }

  bool keep_alive(const http::Until& until) override {
    return prolong_lease(until) && all_are_there(until);
  }

  void remove(const http::Until& until) override {
    if (lease_.empty()) return;
    // A key that another process has written since no longer belongs to this lease.
    auto answer = send("/v3/lease/revoke", {{"ID", lease_}}, until);
    if (answer.status != 404) accepted(std::move(answer));
  }

 private:
  bool prolong_lease(const http::Until& until) {
    const auto answer = ask("/v3/lease/keepalive", {{"ID", lease_}}, until);
    return !text_in(member_of(answer.body, "result"), "TTL").empty();
  }

  bool all_are_there(const http::Until& until) {
    json::array questions;
    for (const auto& entry : entries_)
      questions.emplace_back(
          json::object{{"request_range", {{"key", to_base64(entry.key)}, {"count_only", true}}}});
    const auto answer = ask("/v3/kv/txn", {{"success", std::move(questions)}}, until);
    const auto found = array_in(answer.body, "responses");
    return std::ranges::none_of(found, [](const json::value& one) {
      return text_in(member_of(one, "response_range"), "count").empty();
    });
  }

  EtcdAnswer ask(const char* path, const json::object& body, const http::Until& until) {
    return accepted(send(path, body, until));
  }

  EtcdAnswer send(const char* path, const json::object& body, const http::Until& until) {
    if (!username_.empty() && token_.empty()) token_ = log_in(until);
    http::Call call{"POST", path, json::serialize(body), {}};
    if (!token_.empty()) call.headers.push_back({"Authorization", token_});
    auto answer = cluster_.ask(call, until);
    // The token has expired; the next try logs in again.
    if (answer.status == 401) token_.clear();
    return answer;
  }

  std::string log_in(const http::Until& until) {
    const auto body = json::serialize(json::object{{"name", username_}, {"password", password_}});
    const auto answer = accepted(cluster_.ask({"POST", "/v3/auth/authenticate", body, {}}, until));
    return text_in(answer.body, "token");
  }

  EtcdCluster cluster_;
  const std::string username_;
  const std::string password_;
  std::string token_;  // from the login; empty: none
  std::vector<Entry> entries_;
  std::string lease_;
};

}  // namespace

std::unique_ptr<Etcd> make_etcd_v3(const EtcdOptions& options) {
  return std::make_unique<EtcdV3>(options);
}

}  // namespace killrvideo::registry
