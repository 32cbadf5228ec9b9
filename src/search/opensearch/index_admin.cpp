#include "search/opensearch/index_admin.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "search/opensearch/documents.hpp"

namespace killrvideo::opensearch {
namespace {

namespace json = boost::json;

// The action that retires an index.
json::value without_aliases(const std::string& name) {
  return {{"remove", json::object{{"index", name}, {"alias", "*"}}}};
}

bool has_alias(const json::value& index, const std::string& alias) {
  return index.at("aliases").as_object().contains(alias);
}

// A conflict: the index has a later state already. Not found: the index is not needed any more.
bool is_settled(int status) { return status < 300 || status == conflict || status == not_found; }

void check_item(const json::value& item) {
  const auto& result = item.as_object().begin()->value();
  const auto status = result.at("status").to_number<int>();
  if (is_settled(status)) return;
  const bool later = status == too_many_requests || status >= 500;
  const auto* error = result.as_object().if_contains("error");
  throw Error(later ? Code::unavailable : Code::internal,
              "OpenSearch does not index a video: " + (error ? json::serialize(*error) : ""));
}

}  // namespace

std::string IndexAdmin::name_of(const Uuid& id) const {
  return alias() + "-v" + std::string(format_number) + "-" + id.to_string();
}

std::string IndexAdmin::write_alias_of(const Uuid& id) const {
  return options_.prefix + "-write-" + id.to_string();
}

Answer IndexAdmin::ask(const char* method, const std::string& target, std::string body) {
  return run(client_.ask(method, target, std::move(body),
                         std::chrono::steady_clock::now() + options_.write_limit));
}

std::vector<FoundIndex> IndexAdmin::list() {
  const auto answer = accepted(
      ask("GET", "/" + alias() + "-v*?filter_path=*.aliases,*.settings.index.creation_date"));
  const auto own = alias() + "-v" + std::string(format_number) + "-";
  std::vector<FoundIndex> found;
  for (const auto& member : answer.body.as_object()) {
    const std::string name(member.key());
    const auto& settings = member.value().at("settings").at("index");
    const std::string created(settings.at("creation_date").as_string());
    found.push_back(
        {name, name.starts_with(own) ? Uuid::parse(name.substr(own.size())) : std::nullopt,
         has_alias(member.value(), alias()), member.value().at("aliases").as_object().empty(),
         Timestamp(std::chrono::milliseconds(std::stoll(created)))});
  }
  return found;
}

void IndexAdmin::create(const Uuid& id) {
  accepted(ask("PUT", "/" + name_of(id), index_definition(options_, write_alias_of(id))));
}

void IndexAdmin::refresh(const Uuid& id) { accepted(ask("POST", "/" + name_of(id) + "/_refresh")); }

void IndexAdmin::remove(const std::string& name) {
  const auto answer = ask("DELETE", "/" + name);
  if (answer.status != not_found) accepted(answer);
}

// Indexes that another process has switched to since `found` lose the alias, too.
void IndexAdmin::switch_to(const Uuid& id, const std::vector<FoundIndex>& found) {
  json::array actions;
  for (const auto& index : found)
    if (index.in_use) actions.push_back(without_aliases(index.name));
  actions.emplace_back(json::object{
      {"remove",
       json::object{{"index", alias() + "-v*"}, {"alias", alias()}, {"must_exist", false}}}});
  actions.emplace_back(
      json::object{{"add", json::object{{"index", name_of(id)}, {"alias", alias()}}}});
  change_aliases(actions);
}

void IndexAdmin::retire(const std::string& name) { change_aliases({without_aliases(name)}); }

// All changes at once, or none.
void IndexAdmin::change_aliases(const json::array& actions) {
  accepted(ask("POST", "/_aliases", json::serialize(json::object{{"actions", actions}})));
}

std::uint64_t IndexAdmin::count() {
  const auto answer = ask("GET", "/" + alias() + "/_count");
  if (answer.status == not_found) return 0;
  return accepted(answer).body.at("count").to_number<std::uint64_t>();
}

void IndexAdmin::bulk(const std::string& body, bool seen) {
  if (body.empty()) return;
  const auto answer = accepted(ask(
      "POST", seen ? "/_bulk?require_alias=true&refresh=true" : "/_bulk?require_alias=true", body));
  if (!answer.body.at("errors").as_bool()) return;
  for (const auto& item : answer.body.at("items").as_array()) check_item(item);
}

}  // namespace killrvideo::opensearch
