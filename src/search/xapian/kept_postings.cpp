#include "search/xapian/kept_postings.hpp"

#include <algorithm>

namespace killrvideo::xapian_engine {
namespace {

// Of 5 bytes: some 20 MB.
constexpr std::size_t most_postings = 4'000'000;
// A list of one posting takes room, too.
constexpr std::size_t list_overhead = 32;

std::size_t room_of(const Postings& postings) { return postings.numbers.size() + list_overhead; }

void append(Postings& postings, const Xapian::PostingIterator& posting) {
  const auto impact = static_cast<std::uint8_t>(posting.get_wdf());
  postings.numbers.push_back(*posting);
  postings.impacts.push_back(impact);
  postings.most_impact = std::max(postings.most_impact, impact);
}

PostingsPtr decode(const Xapian::Database& database, const std::string& term) {
  auto postings = std::make_shared<Postings>();
  const auto count = database.get_termfreq(term);
  postings->numbers.reserve(count);
  postings->impacts.reserve(count);
  const auto end = database.postlist_end(term);
  for (auto posting = database.postlist_begin(term); posting != end; ++posting)
    append(*postings, posting);
  return postings;
}

}  // namespace

PostingsPtr read_posting(const Xapian::Database& database, const std::string& term,
                         Xapian::docid number) {
  auto postings = std::make_shared<Postings>();
  auto posting = database.postlist_begin(term);
  const auto end = database.postlist_end(term);
  if (posting != end) posting.skip_to(number);
  if (posting != end && *posting == number) append(*postings, posting);
  return postings;
}

PostingsPtr KeptPostings::find(const Snapshot& snapshot, const std::string& term) const {
  std::lock_guard lock(mutex_);
  if (snapshot != snapshot_) return nullptr;
  const auto found = lists_.find(term);
  return found == lists_.end() ? nullptr : found->second;
}

void KeptPostings::keep(const ReadPostings& read) {
  if (read.lists.empty()) return;
  std::lock_guard lock(mutex_);
  if (read.snapshot != snapshot_) {
    clear();
    snapshot_ = read.snapshot;
  }
  for (const auto& [term, postings] : read.lists) {
    const auto room = room_of(*postings);
    if (postings_ + room > most_postings) clear();
    if (room <= most_postings && lists_.try_emplace(term, postings).second) postings_ += room;
  }
}

void KeptPostings::clear() {
  lists_.clear();
  postings_ = 0;
}

PostingsPtr PostingsReader::read(const std::string& term) {
  if (auto kept = kept_.find(read_.snapshot, term)) return kept;
  return read_.lists.emplace_back(term, decode(database_, term)).second;
}

}  // namespace killrvideo::xapian_engine
