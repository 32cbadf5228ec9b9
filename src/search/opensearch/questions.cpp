#include "search/opensearch/questions.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <map>

#include "common/edit_distance.hpp"
#include "search/impacts.hpp"
#include "search/opensearch/documents.hpp"
#include "search/opensearch/index_admin.hpp"
#include "search/words.hpp"

namespace killrvideo::opensearch {
namespace {

namespace json = boost::json;

// Of the words that are spelt nearly alike, how many are looked at.
constexpr int most_suggestions = 200;

json::object query_of(const Plan& plan) {
  json::array should;
  for (const auto& planned : plan) {
    for (const Tier& tier : tiers) {
      const json::object term{{"value", planned.word}, {"boost", weight_of(planned) * tier.unit}};
      should.emplace_back(json::object{{"term", json::object{{tier.name, term}}}});
    }
  }
  return {{"bool", json::object{{"should", std::move(should)}}}};
}

// The best documents for a query: of each the fields that entry_of() needs.
json::object hits_of(json::object query, std::size_t limit) {
  return {{"size", limit},
          {"_source", false},
          {"track_total_hits", false},
          {"docvalue_fields", entry_fields()},
          {"query", std::move(query)}};
}

// A cursor is the weight, the date and the id of a hit, as OpenSearch wrote them.
json::array read_cursor(const std::string& cursor) {
  boost::system::error_code error;
  auto value = json::parse(cursor, error);
  const auto* parts = value.if_array();
  if (error || !parts || parts->size() != 3 || !(*parts)[0].is_number() ||
      !(*parts)[1].is_number() || !(*parts)[2].is_string())
    throw invalid("paging_state", "is not one of this search");
  return *parts;
}

json::object term(const char* field, std::string_view word) {
  return {{"term", json::object{{field, word}}}};
}

std::size_t letter_size(std::string_view text, std::size_t at) {
  std::size_t size = 1;
  while (at + size < text.size() && (static_cast<unsigned char>(text[at + size]) & 0xC0) == 0x80)
    ++size;
  return size;
}

// The letter whose bytes come next after these, which no key has, but expressions may.
std::string next_letter(std::string letter) {
  for (auto at = letter.size(); at-- > 0;) {
    auto byte = static_cast<unsigned char>(letter[at]);
    const bool first = at == 0;
    if (first ? letter.size() > 1 || byte < 0x7F : byte < 0xBF) {
      letter[at] = static_cast<char>(byte + 1);
      return letter;
    }
    if (!first) letter[at] = static_cast<char>(0x80);
  }
  return "\xC2\x80";
}

// What begins with this letter or one after it.
std::string from_letter(const std::string& letter) {
  static const std::string last_letter = "\xF4\x8F\xBF\xBF";
  return "[" + letter + "-" + last_letter + "].*";
}

// What comes after `rest`, whose first letter may be any of the letters in it.
std::string after_all_of(std::string_view rest) {
  if (rest.empty()) return ".+";
  const std::string first(rest.substr(0, letter_size(rest, 0)));
  return first + "(" + after_all_of(rest.substr(first.size())) + ")|" +
         from_letter(next_letter(first));
}

}  // namespace

std::string keys_after(const std::string& beginning, const std::optional<CompletionWord>& after) {
  const auto from = after_word(beginning).substr(beginning.size());
  if (!after) return beginning + from_letter(from);
  return beginning + "(" + after_all_of(key_of(*after).substr(beginning.size())) + ")";
}

Weighing weigh(const Options& options, const std::vector<std::string>& words,
               const VideoId& video) {
  Client client(options);
  DocumentFrequencyCache frequencies;
  const auto until = std::chrono::steady_clock::now() + options.question_limit;
  Questions questions(client, frequencies, IndexAdmin(client, options).alias(), until);
  return run(questions.weigh(words, video));
}

Task<json::value> Questions::ask(const json::value& body) {
  auto answer =
      co_await client_.ask("POST", "/" + alias_ + "/_search", json::serialize(body), until_);
  if (answer.status == not_found)
    throw Error(Code::unavailable, "the search index is being built; try again soon");
  co_return std::move(accepted(std::move(answer)).body);
}

Task<SearchHits> Questions::search(const std::vector<std::string>& words, const SearchFrom& from,
                                   std::size_t limit) {
  Plan plan;
  if (from.query_state.empty()) {
    plan = co_await make_plan(words);
  } else {
    plan = decode_plan(from.query_state);
  }
  SearchHits found;
  for (const auto& planned : plan) found.words.push_back(planned.word);
  found.query_state = encode(plan);
  if (plan.empty()) co_return found;
  auto body = hits_of(query_of(plan), limit);
  body["sort"] = json::array{json::object{{"_score", "desc"}}, json::object{{"added", "desc"}},
                             json::object{{"id", "desc"}}};
  if (!from.cursor.empty()) body["search_after"] = read_cursor(from.cursor);
  const auto answer = co_await ask(body);
  for (const auto& hit : answer.at("hits").at("hits").as_array())
    found.hits.push_back({entry_of(hit), json::serialize(hit.at("sort"))});
  co_return found;
}

// Near ones are looked for only if a word is nowhere, which takes two more requests.
Task<Plan> Questions::make_plan(const std::vector<std::string>& words) {
  if (words.empty()) co_return Plan{};
  auto known = co_await frequencies(words);
  std::vector<std::string> unknown;
  for (const auto& word : words)
    if (known.words[word] == 0 && unknown.size() < most_corrected) unknown.push_back(word);
  std::map<std::string, std::vector<std::string>> near;
  if (!unknown.empty()) {
    auto suggested = co_await suggestions(unknown);
    std::vector<std::string> all;
    for (const auto& some : suggested) all.insert(all.end(), some.begin(), some.end());
    if (!all.empty()) known.words.merge((co_await count(all)).words);
    for (std::size_t i = 0; i < unknown.size(); ++i) near[unknown[i]] = std::move(suggested[i]);
  }
  const auto nearest = [&](const std::string& word, std::size_t most) {
    std::vector<std::string> nearest;
    EditWalk walk(word);
    for (const auto& candidate : near[word]) {
      if (known.words[candidate] == 0) continue;  // of videos that are gone
      const auto distance = walk.step(candidate, most).distance;
      if (distance > most) continue;
      if (distance < most) nearest.clear();
      most = distance;
      nearest.push_back(candidate);
    }
    return nearest;
  };
  co_return killrvideo::make_plan(
      {known.videos, [&](const std::string& word) { return known.words[word]; }, nearest}, words);
}

Task<Frequencies> Questions::frequencies(const std::vector<std::string>& words) {
  if (auto known = document_frequency_cache_.find(words)) co_return *std::move(known);
  const auto version = document_frequency_cache_.version();
  auto counted = co_await count(words);
  document_frequency_cache_.keep(counted, version);
  co_return counted;
}

Task<Frequencies> Questions::count(const std::vector<std::string>& words) {
  json::object filters;
  for (const auto& word : words) filters[word] = term("words", word);
  const json::object by_word{{"filters", json::object{{"filters", std::move(filters)}}}};
  const auto answer = co_await ask(json::object{
      {"size", 0}, {"track_total_hits", true}, {"aggs", json::object{{"words", by_word}}}});
  Frequencies counted;
  counted.videos = answer.at("hits").at("total").at("value").to_number<std::uint64_t>();
  for (const auto& bucket : answer.at("aggregations").at("words").at("buckets").as_object())
    counted.words[bucket.key()] = bucket.value().at("doc_count").to_number<std::uint64_t>();
  co_return counted;
}

// For each word the known ones that may be near it.
Task<std::vector<std::vector<std::string>>> Questions::suggestions(
    const std::vector<std::string>& words) {
  json::object suggest;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const auto most = misspelling_distance(words[i]);
    if (most == 0) continue;
    suggest[std::to_string(i)] =
        json::object{{"text", words[i]},
                     {"term", json::object{{"field", "words"},
                                           {"analyzer", "keyword"},
                                           {"suggest_mode", "always"},
                                           {"max_edits", most},
                                           {"prefix_length", 0},
                                           {"min_word_length", 1},
                                           {"accuracy", 0.01},
                                           {"string_distance", "damerau_levenshtein"},
                                           {"size", most_suggestions}}}};
  }
  std::vector<std::vector<std::string>> found(words.size());
  if (suggest.empty()) co_return found;
  const auto answer = co_await ask(json::object{{"size", 0}, {"suggest", suggest}});
  for (const auto& suggested : answer.at("suggest").as_object()) {
    auto& near = found[std::stoul(suggested.key())];
    for (const auto& token : suggested.value().as_array())
      for (const auto& option : token.at("options").as_array())
        near.emplace_back(option.at("text").as_string());
    std::ranges::sort(near);
  }
  co_return found;
}

Task<std::vector<Completion>> Questions::completions(const std::string& beginning,
                                                     const std::optional<CompletionWord>& after,
                                                     std::size_t limit) {
  std::vector<Completion> completions;
  if (limit == 0) co_return completions;
  const json::object first{
      {"top_hits",
       json::object{{"size", 1}, {"_source", false}, {"docvalue_fields", entry_fields()}}}};
  const json::object listed{{"terms", json::object{{"field", "completions"},
                                                   {"include", keys_after(beginning, after)},
                                                   {"order", json::object{{"_key", "asc"}}},
                                                   {"size", limit}}},
                            {"aggs", json::object{{"first", first}}}};
  json::object body{{"size", 0},
                    {"track_total_hits", false},
                    {"query", json::object{{"prefix", json::object{{"completions", beginning}}}}},
                    {"aggs", json::object{{"completions", listed}}}};
  const auto answer = co_await ask(body);
  for (const auto& bucket : answer.at("aggregations").at("completions").at("buckets").as_array())
    completions.push_back({entry_of(bucket.at("first").at("hits").at("hits").at(0)),
                           completion_word_in(bucket.at("key").as_string())});
  co_return completions;
}

Task<std::vector<IndexEntry>> Questions::videos_with(const CompletionWord& word,
                                                     std::size_t limit) {
  co_return co_await entries_of(
      json::object{{"constant_score", json::object{{"filter", term("completions", key_of(word))}}}},
      limit);
}

Task<std::vector<std::optional<IndexEntry>>> Questions::entries(std::span<const VideoId> ids) {
  std::vector<std::optional<IndexEntry>> entries(ids.size());
  if (ids.empty()) co_return entries;
  json::array wanted;
  for (const auto& id : ids) wanted.emplace_back(id.to_string());
  const auto found = co_await entries_of(
      json::object{{"ids", json::object{{"values", std::move(wanted)}}}}, ids.size());
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const auto entry = std::ranges::find(found, ids[i], &IndexEntry::video);
    if (entry != found.end()) entries[i] = *entry;
  }
  co_return entries;
}

Task<Weighing> Questions::weigh(const std::vector<std::string>& words, const VideoId& video) {
  Weighing weighing;
  weighing.videos = (co_await frequencies(words)).videos;
  weighing.plan = co_await make_plan(words);
  weighing.entry = (co_await entries(std::span(&video, 1))).front();
  if (weighing.plan.empty()) co_return weighing;
  // The score that a search gives it: a filter leaves out all others and adds nothing.
  const json::object only{{"ids", json::object{{"values", json::array{video.to_string()}}}}};
  const json::object both{{"must", query_of(weighing.plan)}, {"filter", only}};
  const auto answer = co_await ask(hits_of({{"bool", both}}, 1));
  const auto& hits = answer.at("hits").at("hits").as_array();
  if (!hits.empty()) weighing.weight = hits.at(0).at("_score").to_number<double>();
  co_return weighing;
}

Task<std::vector<IndexEntry>> Questions::entries_of(json::object query, std::size_t limit) {
  const auto answer = co_await ask(hits_of(std::move(query), limit));
  std::vector<IndexEntry> entries;
  for (const auto& hit : answer.at("hits").at("hits").as_array()) entries.push_back(entry_of(hit));
  co_return entries;
}

}  // namespace killrvideo::opensearch
