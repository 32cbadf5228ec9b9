#include "search/xapian/vocabulary.hpp"

#include "search/xapian/format.hpp"

namespace killrvideo::xapian_engine {
namespace {

IndexEntry first_of(const Xapian::Database& database, const std::string& term) {
  return entry_of(database.get_document(*database.postlist_begin(term)));
}

// The sorted words of one tier that begin with a prefix.
class TierWords {
 public:
  TierWords(const Xapian::Database& database, const Tier& tier, const std::string& prefix,
            const std::string& after)
      : prefix_size_(tier.name.size()),
        term_(database.allterms_begin(word_term(tier, prefix))),
        end_(database.allterms_end(word_term(tier, prefix))) {
    if (!after.empty()) term_.skip_to(word_term(tier, after));
    load();
    if (!ended_ && word() == after) next();
  }

  bool ended() const { return ended_; }
  const std::string& term() const { return current_; }
  std::string_view word() const { return std::string_view(current_).substr(prefix_size_); }
  void next() {
    ++term_;
    load();
  }

 private:
  void load() {
    ended_ = term_ == end_;
    if (!ended_) current_ = *term_;
  }

  std::size_t prefix_size_;
  Xapian::TermIterator term_;
  Xapian::TermIterator end_;
  bool ended_ = false;
  std::string current_;
};

}  // namespace

std::vector<KnownWord> words_beginning(const Xapian::Database& database, const std::string& prefix,
                                       const std::string& after, std::size_t limit) {
  std::vector<TierWords> in_tiers;
  in_tiers.reserve(std::size(tiers));
  for (const Tier& tier : tiers) in_tiers.emplace_back(database, tier, prefix, after);
  std::vector<KnownWord> words;
  while (words.size() < limit) {
    const TierWords* first = nullptr;
    for (const auto& tier : in_tiers)
      if (!tier.ended() && (!first || tier.word() < first->word())) first = &tier;
    if (!first) break;
    std::string word(first->word());
    const auto entry = first_of(database, first->term());
    for (auto& tier : in_tiers)
      if (!tier.ended() && tier.word() == word) tier.next();
    words.push_back({entry, std::move(word)});
  }
  return words;
}

std::vector<IndexEntry> videos_having(const Xapian::Database& database, const std::string& word,
                                      std::size_t limit) {
  std::vector<IndexEntry> videos;
  for (const Tier& tier : tiers) {
    const auto term = word_term(tier, word);
    const auto end = database.postlist_end(term);
    for (auto posting = database.postlist_begin(term); posting != end && videos.size() < limit;
         ++posting)
      videos.push_back(entry_of(database.get_document(*posting)));
  }
  return videos;
}

}  // namespace killrvideo::xapian_engine
