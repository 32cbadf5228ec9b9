#include "search/xapian/posting_cache.hpp"

#include <algorithm>

namespace killrvideo::xapian_engine {
namespace {

// Of 5 bytes: some 20 MB.
constexpr std::size_t most_postings = 4'000'000;
// A list of one posting takes room, too.
constexpr std::size_t list_overhead = 32;

PostingsPtr decode(const Xapian::Database& database, const std::string& term) {
  auto postings = std::make_shared<Postings>();
  const auto count = database.get_termfreq(term);
  postings->numbers.reserve(count);
  postings->impacts.reserve(count);
  const auto end = database.postlist_end(term);
  for (auto posting = database.postlist_begin(term); posting != end; ++posting) {
    const auto impact = static_cast<std::uint8_t>(posting.get_wdf());
    postings->numbers.push_back(*posting);
    postings->impacts.push_back(impact);
    postings->most_impact = std::max(postings->most_impact, impact);
  }
  return postings;
}

}  // namespace

PostingCache make_posting_cache() {
  return {most_postings, [](const std::string&, const PostingsPtr& postings) {
            return postings->numbers.size() + list_overhead;
          }};
}

PostingsPtr PostingsReader::read(const std::string& term) {
  if (auto cached = cache_.find(snapshot_, term)) return *std::move(cached);
  return lists_.emplace_back(term, decode(database_, term)).second;
}

void PostingsReader::keep_read() {
  for (auto& [term, postings] : lists_)
    cache_.keep(snapshot_, std::move(term), std::move(postings));
}

}  // namespace killrvideo::xapian_engine
