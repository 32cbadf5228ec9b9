#include "search/xapian/format.hpp"

#include <unordered_set>

#include "storage/values.hpp"

namespace killrvideo::xapian_engine {
namespace {

constexpr std::size_t id_size = 16;
constexpr std::size_t entry_size = id_size + 8 + 8;

// Xapian takes no longer terms. Keys have no zeros, which would count twice.
constexpr std::size_t most_term_bytes = 245;
static_assert(2 * most_completion_bytes + 2 <= most_term_bytes &&
              most_word_bytes < most_term_bytes);

std::string value_of(const IndexedVideo& video) {
  std::string value(video.id.view());
  storage::put_big_endian(value, video.fingerprint);
  storage::put_big_endian(value, std::int64_t{video.added.time_since_epoch().count()});
  return value;
}

}  // namespace

std::string word_term(const Tier& tier, std::string_view word) {
  return std::string(tier.name).append(word);
}

Xapian::doccount frequency(const Xapian::Database& database, std::string_view word) {
  Xapian::doccount videos = 0;
  for (const Tier& tier : tiers) videos += database.get_termfreq(word_term(tier, word));
  return videos;
}

std::string hidden_term(std::string_view word) { return std::string("X").append(word); }

std::string completion_term(const CompletionWord& word) {
  return std::string(completion_prefix).append(key_of(word));
}

std::string id_term(const VideoId& id) { return std::string("Q").append(id.view()); }

Xapian::Document document_of(const IndexedVideo& video) {
  Xapian::Document document;
  const auto impacts = impacts_of(video);
  std::unordered_set<std::string_view> completions;
  for (const auto& word : video.completions) {
    if (word.spelling == word.folded && impacts.contains(word.folded)) {
      completions.insert(word.folded);
    } else {
      document.add_boolean_term(completion_term(word));
    }
  }
  for (const auto& [word, impact] : impacts) {
    document.add_term(word_term(*impact.tier, word), impact.units);
    if (!completions.contains(word) && !is_stop_word(word))
      document.add_boolean_term(hidden_term(word));
  }
  document.add_boolean_term(id_term(video.id));
  document.add_value(entry_slot, value_of(video));
  return document;
}

IndexEntry entry_of(const Xapian::Document& document) {
  const auto value = document.get_value(entry_slot);
  if (value.size() != entry_size) throw Xapian::DatabaseCorruptError("a document of no video");
  const auto added = storage::get_big_endian<std::int64_t>(value.data() + id_size + 8);
  return {Uuid::from<VideoId>(std::string_view(value).substr(0, id_size)),
          storage::get_big_endian<std::uint64_t>(value.data() + id_size),
          Timestamp(Timestamp::duration(added))};
}

Xapian::docid number_of(const Xapian::Database& database, const VideoId& id) {
  const auto term = id_term(id);
  const auto posting = database.postlist_begin(term);
  return posting == database.postlist_end(term) ? 0 : *posting;
}

std::optional<IndexEntry> find_entry(const Xapian::Database& database, const VideoId& id) {
  const auto number = number_of(database, id);
  return number == 0 ? std::nullopt : std::optional(entry_of(database.get_document(number)));
}

}  // namespace killrvideo::xapian_engine
