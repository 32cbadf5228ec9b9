// Builds a page of videos from candidates.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "catalog/tables.hpp"
#include "common/answer_room.hpp"
#include "common/paging.hpp"
#include "suggestions/stale_scores.hpp"

namespace killrvideo {

/// Takes candidates, best first, until the page has its rows and it is known whether more follow.
class PageBuilder {
 public:
  /// When some have dropped out, so many more are offered at a time than the page needs.
  static constexpr std::size_t spare = 3;

  /// Takes what exists and, with a user, what this one has neither rated nor uploaded. Candidates
  /// that come from ratings must pass the check. All that is referred to outlives this.
  PageBuilder(storage::Store& store, const Context& context, std::size_t size,
              std::optional<UserId> for_whom, LikeCheck& check)
      : store_(store), context_(context), size_(size), for_whom_(for_whom), check_(check) {}

  struct Candidate {
    VideoId video;
    std::string position;     ///< continues the listing after this one
    bool by_ratings = false;  ///< whether it is one because users like it
  };

  /// Whether no more candidates are needed.
  bool complete() const { return rows_.size() > size_; }
  /// How many more to offer at a time.
  std::size_t missing() const { return size_ + 1 - rows_.size(); }

  using Fits = std::function<bool(const Video&)>;

  /// Takes those that may be shown and for which `fits` is true. They are looked up together:
  /// offer few.
  Task<void> offer(std::vector<Candidate> candidates, const Fits& fits = {});

  /// The next page continues after this position, though no more is offered for this one.
  void continue_later(std::string position) { continues_at_ = std::move(position); }

  /// The page; its token says where the next one begins, if there is one.
  PageResult<Video> finish(const Cursor& cursor);

 private:
  storage::Store& store_;
  const Context& context_;
  std::size_t size_;  // less than asked for if the answer is full before
  AnswerRoom room_;
  const std::optional<UserId> for_whom_;
  LikeCheck& check_;
  std::vector<Video> rows_;
  std::vector<std::string> positions_;
  std::string continues_at_;
};

}  // namespace killrvideo
