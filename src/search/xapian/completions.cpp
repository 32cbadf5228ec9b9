#include "search/xapian/completions.hpp"

#include "search/xapian/format.hpp"

namespace killrvideo::xapian_engine {
namespace {

// The documents of a term, in the order of their numbers.
class Documents {
 public:
  Documents(const Xapian::Database& database, const std::string& term)
      : at_(database.postlist_begin(term)), end_(database.postlist_end(term)) {}

  bool ended() const { return at_ == end_; }
  Xapian::docid number() const { return *at_; }
  void next() { ++at_; }
  bool has(Xapian::docid number) {
    if (!ended() && *at_ < number) at_.skip_to(number);
    return !ended() && *at_ == number;
  }

 private:
  Xapian::PostingIterator at_, end_;
};

// Those with a word that is a completion as it is.
void add_videos_with_plain(std::vector<IndexEntry>& videos, const Xapian::Database& database,
                           std::string_view word, std::size_t limit) {
  for (const Tier& tier : tiers) {
    Documents hidden(database, hidden_term(word));
    for (Documents all(database, word_term(tier, word)); !all.ended() && videos.size() < limit;
         all.next())
      if (!hidden.has(all.number()))
        videos.push_back(entry_of(database.get_document(all.number())));
  }
}

// The sorted completions among terms with one prefix: words as they are, or keys.
class CompletionTerms {
 public:
  /// Begins with what comes after this word.
  CompletionTerms(const Xapian::Database& database, std::string_view prefix, bool keys,
                  const std::string& beginning, const CompletionWord& after)
      : database_(database), prefix_size_(prefix.size()), keys_(keys) {
    std::string terms(prefix);
    term_ = database.allterms_begin(terms + beginning);
    end_ = database.allterms_end(terms + beginning);
    term_.skip_to(terms + after.folded);
    load();
    while (!ended() && word_ <= after) next();
  }

  bool ended() const { return term_ == end_; }
  const CompletionWord& word() const { return word_; }
  void next() {
    ++term_;
    load();
  }

 private:
  void load() {
    for (; !ended(); ++term_) {
      const std::string term = *term_;
      const auto rest = std::string_view(term).substr(prefix_size_);
      word_ =
          keys_ ? completion_word_in(rest) : CompletionWord{std::string(rest), std::string(rest)};
      if (keys_ || is_completion(word_.folded)) return;
    }
  }

  bool is_completion(const std::string& word) const {
    return !is_stop_word(word) &&
           frequency(database_, word) > database_.get_termfreq(hidden_term(word));
  }

  const Xapian::Database& database_;
  std::size_t prefix_size_;
  bool keys_;
  Xapian::TermIterator term_, end_;
  CompletionWord word_;
};

}  // namespace

std::vector<Completion> completions_of(const Xapian::Database& database,
                                       const std::string& beginning,
                                       const std::optional<CompletionWord>& after,
                                       std::size_t limit) {
  // All spellings of the beginning itself come before this.
  const auto from = after.value_or(CompletionWord{beginning, "\xFF"});
  std::vector<CompletionTerms> lists;
  lists.reserve(tiers.size() + 1);
  for (const Tier& tier : tiers) lists.emplace_back(database, tier.name, false, beginning, from);
  lists.emplace_back(database, completion_prefix, true, beginning, from);
  std::vector<Completion> completions;
  while (completions.size() < limit) {
    const CompletionTerms* first = nullptr;
    for (const auto& list : lists)
      if (!list.ended() && (!first || list.word() < first->word())) first = &list;
    if (!first) break;
    const auto word = first->word();
    completions.push_back({videos_having(database, word, 1).at(0), word});
    for (auto& list : lists)
      if (!list.ended() && list.word() == word) list.next();
  }
  return completions;
}

std::vector<IndexEntry> videos_having(const Xapian::Database& database, const CompletionWord& word,
                                      std::size_t limit) {
  std::vector<IndexEntry> videos;
  if (word.spelling == word.folded) add_videos_with_plain(videos, database, word.folded, limit);
  for (Documents all(database, completion_term(word)); !all.ended() && videos.size() < limit;
       all.next())
    videos.push_back(entry_of(database.get_document(all.number())));
  return videos;
}

}  // namespace killrvideo::xapian_engine
