#include "search/xapian/hits.hpp"

#include <algorithm>
#include <bit>
#include <optional>
#include <set>

#include "common/edit_distance.hpp"
#include "common/error.hpp"
#include "search/xapian/format.hpp"
#include "search/xapian/matcher.hpp"
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

// The first string after all that begin with `beginning`, whose last byte is one of UTF-8.
std::string after_all(std::string beginning) {
  beginning.back() = static_cast<char>(beginning.back() + 1);
  return beginning;
}

// See Vocabulary::nearest.
std::vector<std::string> nearest_words(const Xapian::Database& database, std::string_view word,
                                       std::size_t most) {
  if (most == 0) return {};
  std::set<std::string> nearest;
  for (const Tier& tier : tiers) {
    EditWalk walk(word);
    const std::string prefix(tier.name);
    auto term = database.allterms_begin(prefix);
    const auto end = database.allterms_end(prefix);
    while (term != end) {
      const std::string found = *term;
      const auto known = std::string_view(found).substr(prefix.size());
      const auto [distance, dead] = walk.step(known, most);
      if (dead > 0) {
        term.skip_to(after_all(found.substr(0, prefix.size() + dead)));
        continue;
      }
      if (distance < most) nearest.clear();
      most = std::min(most, distance);
      if (distance == most) nearest.emplace(known);
      ++term;
    }
  }
  return {nearest.begin(), nearest.end()};
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
