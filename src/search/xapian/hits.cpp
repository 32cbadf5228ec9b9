#include "search/xapian/hits.hpp"

#include <bit>
#include <cstring>
#include <optional>

#include "common/error.hpp"
#include "search/xapian/format.hpp"
#include "search/xapian/plan.hpp"
#include "storage/values.hpp"

namespace killrvideo::xapian_engine {
namespace {

// Where a hit stands: by its weight, and among equal ones by the number of its document, those with
// higher numbers first, which were added later. As neither changes with what else is indexed, and
// an index that is built anew keeps the numbers, what follows a place is the same whenever it is
// asked for. If the numbers got lost with the index, that of the place's video stands for the
// place.
//
// Encoded, big-endian: rank (4 bytes), weight (8), number (4), id (16).
struct Place {
  std::uint32_t rank = 0;  // how many hits came up to this one, it included; a mere hint
  double weight = 0;
  Xapian::docid number = 0;
  VideoId video;

  bool is_before(double other_weight, Xapian::docid other_number) const {
    return weight != other_weight ? weight > other_weight : number > other_number;
  }
};

constexpr std::size_t place_size = 4 + 8 + 4 + 16;

std::string encode(const Place& place) {
  std::string bytes;
  storage::put_big_endian(bytes, place.rank);
  storage::put_big_endian(bytes, std::bit_cast<std::uint64_t>(place.weight));
  storage::put_big_endian(bytes, place.number);
  bytes.append(reinterpret_cast<const char*>(place.video.bytes.data()), place.video.bytes.size());
  return bytes;
}

std::optional<Place> decode_place(const Xapian::Database& database, const std::string& bytes) {
  if (bytes.empty()) return std::nullopt;
  if (bytes.size() != place_size) throw invalid("paging_state", "is not one of this search");
  Place place;
  place.rank = storage::get_big_endian<std::uint32_t>(bytes.data());
  place.weight = std::bit_cast<double>(storage::get_big_endian<std::uint64_t>(bytes.data() + 4));
  place.number = storage::get_big_endian<Xapian::docid>(bytes.data() + 12);
  std::memcpy(place.video.bytes.data(), bytes.data() + 16, place.video.bytes.size());
  if (const auto now = number_of(database, place.video); now != 0) place.number = now;
  return place;
}

// The hits after `after`, up to `limit`, among the best ones.
std::vector<SearchHit> hits_after(const Xapian::MSet& best, const std::optional<Place>& after,
                                  std::size_t limit) {
  std::vector<SearchHit> hits;
  Place place;
  for (auto hit = best.begin(); hit != best.end() && hits.size() < limit; ++hit) {
    place.rank = hit.get_rank() + 1;
    place.weight = hit.get_weight();
    place.number = *hit;
    if (after && !after->is_before(place.weight, place.number)) continue;
    const auto entry = entry_of(hit.get_document());
    place.video = entry.video;
    hits.push_back({entry, encode(place)});
  }
  return hits;
}

// The search counts from the best hit on. Usually as many come before the place as did then;
// if it became more, because videos were added, a larger window is needed.
std::vector<SearchHit> search(const Xapian::Database& database, const Plan& plan,
                              const std::optional<Place>& after, std::size_t limit) {
  Xapian::Enquire enquire(database);
  enquire.set_query(query_of(plan));
  enquire.set_weighting_scheme(ImpactWeight());
  enquire.set_docid_order(Xapian::Enquire::DESCENDING);
  const std::size_t all = database.get_doccount();
  std::size_t window = std::min(all, (after ? after->rank : 0) + limit);
  for (;;) {
    const auto best = enquire.get_mset(0, static_cast<Xapian::doccount>(window));
    auto hits = hits_after(best, after, limit);
    if (hits.size() == limit || best.size() < window || window >= all) return hits;
    window = std::min(all, 2 * window);
  }
}

}  // namespace

SearchHits find_hits(const Xapian::Database& database, const std::vector<std::string>& words,
                     const SearchFrom& from, std::size_t limit) {
  const auto plan = from.walk.empty() ? make_plan(database, words) : decode_plan(from.walk);
  const auto place = decode_place(database, from.place);
  SearchHits result;
  if (!plan.empty()) result.hits = search(database, plan, place, limit);
  for (const auto& planned : plan) result.words.push_back(planned.word);
  result.walk = encode(plan);
  return result;
}

}  // namespace killrvideo::xapian_engine
