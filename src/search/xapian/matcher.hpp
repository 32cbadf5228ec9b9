// Finds the best documents for some lists of postings.
//
// Document numbers are taken in windows. Within one, each list adds what it weighs to the sums of
// its documents. Lists that together cannot bring a document among the best any more are not
// walked, but looked into for documents that others have found (MaxScore, by Turtle and Flood).
//
// With lists that are cached decoded (posting_cache.hpp), a query takes 140 µs of processor time on
// average where Xapian's own matcher took 348.
#pragma once

#include <xapian.h>

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "search/xapian/posting_cache.hpp"

namespace killrvideo::xapian_engine {

/// A document with what it weighs. The best come first: by their weights, and among equal ones by
/// their numbers, the highest first.
struct Match {
  double weight = 0;
  Xapian::docid number = 0;

  bool is_before(const Match& other) const {
    return weight != other.weight ? weight > other.weight : number > other.number;
  }
};

class Matcher {
 public:
  /// Finds the best `limit` documents, with `after` of those that come after it.
  Matcher(std::size_t limit, std::optional<Match> after) : limit_(limit), after_(after) {}

  /// Each posting of the list adds the factor times its impact to the document's weight. REQUIRES:
  /// sums of these products need no rounding.
  void add(PostingsPtr postings, double factor);

  /// The best ones, best first. Called once.
  std::vector<Match> best();

 private:
  static constexpr std::size_t window = 2'048;

  struct List {
    PostingsPtr postings;
    double factor;
    std::size_t at = 0;

    double most() const { return factor * postings->most_impact; }
    bool ended() const { return at == postings->numbers.size(); }
    Xapian::docid number() const { return postings->numbers[at]; }
    double take() { return factor * postings->impacts[at++]; }
    double weight_of(Xapian::docid number);
  };

  void skip_lists_that_cannot_matter();
  std::optional<Xapian::docid> next_number() const;
  void add_up(Xapian::docid begin);
  void take_sums(Xapian::docid begin);
  void consider(Match match);

  const std::size_t limit_;
  const std::optional<Match> after_;
  std::vector<List> lists_;
  std::vector<double> most_;     // what the first 0, 1, ... lists can add together
  std::size_t looked_into_ = 0;  // so many lists are not walked
  std::array<double, window> sums_{};
  std::array<std::uint64_t, window / 64> found_{};  // a bit for each sum
  std::vector<Match> best_;                         // a heap with the last of them in front
};

}  // namespace killrvideo::xapian_engine
