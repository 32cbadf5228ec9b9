// The best scores of a video, in one row: what a reader gets.
//
// A list has the best `least` at least and `most` at most, as long as there are so many. Of what it
// leaves out it knows a bound; what changes is put in or left out by comparing it with that. Only
// when so many have become worse that fewer than `least` are left it has to be filled again from
// all scores, which is once in more than `most - least` such changes.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "storage/cql.hpp"

namespace killrvideo {

struct Scored {
  std::int64_t score = 0;
  VideoId video;

  bool operator==(const Scored&) const = default;
};

/// Whether `a` stands before `b`: the higher score, of equal ones the smaller id.
bool better(const Scored& a, const Scored& b);

class TopList {
 public:
  static constexpr std::size_t least = 100;
  static constexpr std::size_t most = 150;

  TopList() = default;
  /// The list of all of these.
  explicit TopList(std::vector<Scored> all);

  /// Throws Error internal if it is not what encode() writes.
  static TopList decode(const storage::Blob& blob);
  storage::Blob encode() const;

  /// The best, best first.
  std::span<const Scored> best() const { return best_; }

  /// A video's score has become this; 0: it has none any more.
  void set(const VideoId& video, std::int64_t score);

  /// Whether there are more that might belong to the best than the list knows.
  bool needs_all() const { return outside_ && best_.size() < least; }

  bool operator==(const TopList&) const = default;

 private:
  void insert(const Scored& scored);

  std::vector<Scored> best_;
  std::optional<Scored> outside_;  // nothing that is not in the list is better than this
};

}  // namespace killrvideo
