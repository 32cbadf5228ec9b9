#include "search/xapian/format.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <span>
#include <unordered_map>

#include "common/error.hpp"
#include "search/words.hpp"
#include "storage/values.hpp"

namespace killrvideo::xapian_engine {
namespace {

constexpr double k1 = 1.2;
constexpr double b = 0.3;
constexpr double longest = 4;  // times the usual length

struct Field {
  std::vector<std::string> IndexedVideo::* words;
  double boost;
  double usual_length;
  const Tier& tier;
  bool distinct;  // each word counts once, in however many tags it is
};
constexpr std::array<Field, 3> fields{{{&IndexedVideo::name, 4, 6, in_name, false},
                                       {&IndexedVideo::tags, 2, 5, elsewhere, true},
                                       {&IndexedVideo::description, 1, 40, elsewhere, false}}};

constexpr std::size_t id_size = 16;
constexpr std::size_t entry_size = id_size + 8;

struct Posting {
  const Tier* tier;
  double impact = 0;
};
using Postings = std::unordered_map<std::string_view, Posting>;

// Fields come in the order of their tiers: the first one that has a word decides.
void add_words(Postings& postings, const Field& field, const IndexedVideo& video) {
  std::unordered_map<std::string_view, std::size_t> counts;
  for (const auto& word : video.*field.words) ++counts[word];
  const auto length = field.distinct ? counts.size() : (video.*field.words).size();
  for (const auto& [word, count] : counts) {
    auto& posting = postings.try_emplace(word, Posting{&field.tier}).first->second;
    posting.impact +=
        field.boost * frequency_factor(field.distinct ? 1 : count, length, field.usual_length);
  }
}

Xapian::termcount in_units(const Posting& posting) {
  const auto units = std::lround(posting.impact / posting.tier->unit);
  return std::min(static_cast<Xapian::termcount>(units), most_units);
}

std::string value_of(const IndexedVideo& video) {
  std::string value(reinterpret_cast<const char*>(video.id.bytes.data()), id_size);
  storage::put_big_endian(value, video.fingerprint);
  return value;
}

}  // namespace

double frequency_factor(std::size_t count, std::size_t length, double usual) {
  const auto frequency = static_cast<double>(count);
  const double relative = std::min(static_cast<double>(length) / usual, longest);
  return frequency * (k1 + 1) / (frequency + k1 * (1 - b + b * relative));
}

std::string word_term(const Tier& tier, std::string_view word) {
  std::string term(tier.prefix);
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
  Postings postings;
  for (const Field& field : fields) add_words(postings, field, video);
  for (const auto& [word, posting] : postings) {
    // Xapian would only find out when it has begun to change the database.
    if (word.size() > most_word_bytes) throw Error(Code::internal, "a word is too long to index");
    document.add_term(word_term(*posting.tier, word), in_units(posting));
  }
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
