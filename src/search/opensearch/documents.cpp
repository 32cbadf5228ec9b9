#include "search/opensearch/documents.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <charconv>

#include "search/impacts.hpp"

namespace killrvideo::opensearch {
namespace {

namespace json = boost::json;

// Of keys_after(): for each letter of the longest key, which is one byte, it has 13.
constexpr int most_regex_letters = 4'000;
static_assert(std::size_t{13} * 2 * most_completion_bytes + 100 < most_regex_letters);

json::object action_of(const std::string& index, const VideoId& id, Timestamp version) {
  return {{"_index", index},
          {"_id", id.to_string()},
          {"version", version.time_since_epoch().count()},
          {"version_type", "external_gte"}};
}

void append_line(std::string& bulk, const json::value& line) {
  bulk += json::serialize(line);
  bulk += '\n';
}

std::uint64_t number_in(const json::value& text) {
  const auto& digits = text.as_string();
  std::uint64_t number = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return number;
}

}  // namespace

std::string index_definition(const Options& options, const std::string& alias) {
  const json::object impacts{{"type", "text"},
                             {"analyzer", "impacts"},
                             {"similarity", "impact"},
                             {"index_options", "freqs"},
                             {"norms", false}};
  const json::object unindexed{{"type", "keyword"}, {"index", false}};
  const json::object analysis{
      {"tokenizer",
       {{"spaces",
         {{"type", "char_group"}, {"tokenize_on_chars", {" "}}, {"max_token_length", 255}}}}},
      {"filter", {{"units", {{"type", "delimited_term_freq"}, {"delimiter", "|"}}}}},
      {"analyzer",
       {{"impacts",
         {{"type", "custom"}, {"tokenizer", "spaces"}, {"filter", json::array{"units"}}}}}}};
  const json::object settings{
      {"number_of_shards", options.shards},
      {"number_of_replicas", options.replicas},
      // Writers ask for refreshes themselves.
      {"refresh_interval", "30s"},
      {"max_regex_length", most_regex_letters},
      {"similarity",
       {{"impact",
         {{"type", "scripted"},
          {"script", json::object{{"source", "return query.boost * doc.freq;"}}}}}}},
      {"analysis", analysis}};
  const json::object properties{{"N", impacts},
                                {"R", impacts},
                                {"words", json::object{{"type", "keyword"}}},
                                {"completions", json::object{{"type", "keyword"}}},
                                {"id", unindexed},
                                {"added", json::object{{"type", "long"}, {"index", false}}},
                                {"fingerprint", unindexed}};
  return json::serialize(
      json::object{{"settings", settings},
                   {"aliases", json::object{{alias, json::object{}}}},
                   {"mappings", json::object{{"dynamic", "strict"},
                                             {"_source", json::object{{"enabled", false}}},
                                             {"properties", properties}}}});
}

void append_video(std::string& bulk, const std::string& index, const IndexedVideo& video,
                  Timestamp version) {
  std::array<std::string, tiers.size()> in_tiers;
  json::array words;
  for (const auto& [word, impact] : impacts_of(video)) {
    auto& text = in_tiers[impact.tier == &in_name ? 0 : 1];
    text.append(text.empty() ? "" : " ")
        .append(word)
        .append("|")
        .append(std::to_string(impact.units));
    words.emplace_back(word);
  }
  json::array completions;
  for (const auto& word : video.completions) completions.emplace_back(key_of(word));
  append_line(bulk, json::object{{"index", action_of(index, video.id, version)}});
  json::object document{{"words", std::move(words)},
                        {"completions", std::move(completions)},
                        {"id", video.id.to_string()},
                        {"added", video.added.time_since_epoch().count()},
                        {"fingerprint", std::to_string(video.fingerprint)}};
  for (std::size_t i = 0; i < tiers.size(); ++i) document[tiers[i].name] = in_tiers[i];
  append_line(bulk, document);
}

void append_changes(std::string& bulk, const std::string& index, const IndexChanges& changes) {
  for (const auto& video : changes.present) append_video(bulk, index, video, changes.as_of);
  for (const auto& id : changes.absent)
    append_line(bulk, json::object{{"delete", action_of(index, id, changes.as_of)}});
}

json::array entry_fields() { return {"fingerprint", "added"}; }

IndexEntry entry_of(const json::value& hit) try {
  const auto id = Uuid::parse(std::string(hit.at("_id").as_string()));
  if (!id) throw Error(Code::unavailable, "the search index has a document of no video");
  const auto& fields = hit.at("fields");
  return {VideoId(*id), number_in(fields.at("fingerprint").at(0)),
          Timestamp(Timestamp::duration(fields.at("added").at(0).to_number<std::int64_t>()))};
} catch (const boost::system::system_error&) {
  throw Error(Code::unavailable, "the search index has a document of no video");
}

}  // namespace killrvideo::opensearch
