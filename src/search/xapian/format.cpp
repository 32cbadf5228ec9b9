#include "search/xapian/format.hpp"

#include <cstring>

#include "storage/values.hpp"

namespace killrvideo::xapian_engine {
namespace {

constexpr std::size_t id_size = 16;
constexpr std::size_t entry_size = id_size + 8;

std::string value_of(const IndexedVideo& video) {
  std::string value(reinterpret_cast<const char*>(video.id.bytes.data()), id_size);
  storage::put_big_endian(value, video.fingerprint);
  return value;
}

}  // namespace

std::string word_term(const Tier& tier, std::string_view word) {
  std::string term(tier.name);
  term += word;
  return term;
}

Xapian::doccount frequency(const Xapian::Database& database, std::string_view word) {
  Xapian::doccount videos = 0;
  for (const Tier& tier : tiers) videos += database.get_termfreq(word_term(tier, word));
  return videos;
}

std::string id_term(const VideoId& id) {
  std::string term = "Q";
  term.append(reinterpret_cast<const char*>(id.bytes.data()), id.bytes.size());
  return term;
}

Xapian::Document document_of(const IndexedVideo& video) {
  Xapian::Document document;
  for (const auto& [word, impact] : impacts_of(video))
    document.add_term(word_term(*impact.tier, word), impact.units);
  document.add_boolean_term(id_term(video.id));
  document.add_value(entry_slot, value_of(video));
  return document;
}

IndexEntry entry_of(const Xapian::Document& document) {
  const auto value = document.get_value(entry_slot);
  if (value.size() != entry_size) throw Xapian::DatabaseCorruptError("a document of no video");
  IndexEntry entry;
  std::memcpy(entry.video.bytes.data(), value.data(), id_size);
  entry.fingerprint = storage::get_big_endian<std::uint64_t>(value.data() + id_size);
  return entry;
}

Xapian::docid number_of(const Xapian::Database& database, const VideoId& id) {
  const auto term = id_term(id);
  const auto posting = database.postlist_begin(term);
  return posting == database.postlist_end(term) ? 0 : *posting;
}

}  // namespace killrvideo::xapian_engine
