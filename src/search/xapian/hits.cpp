#include "search/xapian/hits.hpp"

#include <bit>
#include <optional>

#include "common/error.hpp"
#include "search/xapian/format.hpp"
#include "search/xapian/matcher.hpp"
#include "search/xapian/nearest.hpp"
#include "storage/values.hpp"

namespace killrvideo::xapian_engine {
namespace {

// Hits are ordered by weight, and among equal ones by document number, the highest first, which
// were added later. Neither changes with what else is indexed, and a rebuilt index keeps the
// numbers. So the hits after a cursor are always the same. If the numbers were lost with the index,
// the current number of the cursor's video is used.
//
// Encoded, big-endian: weight (8 bytes), number (4), id (16).
struct HitCursor {
  Match match;
  VideoId video;
};

constexpr std::size_t cursor_size = 8 + 4 + 16;

std::string encode(const HitCursor& cursor) {
  std::string bytes;
  storage::put_big_endian(bytes, std::bit_cast<std::uint64_t>(cursor.match.weight));
  storage::put_big_endian(bytes, cursor.match.number);
  bytes += cursor.video.view();
  return bytes;
}

std::optional<Match> decode_cursor(const Xapian::Database& database, const std::string& bytes) {
  if (bytes.empty()) return std::nullopt;
  if (bytes.size() != cursor_size) throw invalid("paging_state", "is not one of this search");
  HitCursor cursor;
  cursor.match.weight = std::bit_cast<double>(storage::get_big_endian<std::uint64_t>(bytes.data()));
  cursor.match.number = storage::get_big_endian<Xapian::docid>(bytes.data() + 8);
  cursor.video = Uuid::from<VideoId>(std::string_view(bytes).substr(12));
  if (const auto now = number_of(database, cursor.video); now != 0) cursor.match.number = now;
  return cursor.match;
}

Vocabulary vocabulary_of(const Xapian::Database& database) {
  return {database.get_doccount(),
          [&database](const std::string& word) { return frequency(database, word); },
          [&database](const std::string& word, std::size_t most) {
            return nearest_words(database, word, most);
          }};
}

SearchHit hit_of(const Xapian::Database& database, const Match& match) {
  const auto entry = entry_of(database.get_document(match.number, Xapian::DOC_ASSUME_VALID));
  return {entry, encode(HitCursor{match, entry.video})};
}

}  // namespace

SearchHits find_hits(PostingsReader& reader, const std::vector<std::string>& words,
                     const SearchFrom& from, std::size_t limit) {
  const auto& database = reader.database();
  const auto plan =
      from.query_state.empty() ? plan_of(database, words) : decode_plan(from.query_state);
  Matcher matcher(limit, decode_cursor(database, from.cursor));
  for (const PlannedWord& planned : plan)
    for (const Tier& tier : tiers)
      matcher.add(reader.read(word_term(tier, planned.word)), weight_of(planned) * tier.unit);
  SearchHits result;
  for (const Match& match : matcher.best()) result.hits.push_back(hit_of(database, match));
  for (const auto& planned : plan) result.words.push_back(planned.word);
  result.query_state = encode(plan);
  return result;
}

Plan plan_of(const Xapian::Database& database, const std::vector<std::string>& words) {
  return make_plan(vocabulary_of(database), words);
}

}  // namespace killrvideo::xapian_engine
