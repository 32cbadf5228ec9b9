#include "search/xapian/kept_completions.hpp"

#include <boost/container_hash/hash.hpp>

namespace killrvideo::xapian_engine {
namespace {

// Some 3 MB.
constexpr std::size_t most_kept = 20'000;

}  // namespace

std::size_t KeptCompletions::Hash::operator()(const Question& question) const {
  std::size_t hash = question.limit;
  boost::hash_combine(hash, question.beginning);
  boost::hash_combine(hash, question.after);
  return hash;
}

std::optional<std::vector<Completion>> KeptCompletions::find(const IndexState& state,
                                                             const Question& question) {
  std::lock_guard lock(mutex_);
  if (state != state_) return std::nullopt;
  const auto found = answers_.find(question);
  return found == answers_.end() ? std::nullopt : std::optional(found->second);
}

// An answer may be of a later state than it is said to be of: then it is dropped with all others
// before anybody asks in that state.
void KeptCompletions::keep(const IndexState& state, const Question& question,
                           const std::vector<Completion>& answer) {
  std::lock_guard lock(mutex_);
  drop_those_not_of(state);
  if (kept_ + answer.size() + 1 > most_kept) {
    answers_.clear();
    kept_ = 0;
  }
  // One for a prefix that nothing begins with takes room, too.
  if (answers_.try_emplace(question, answer).second) kept_ += answer.size() + 1;
}

void KeptCompletions::drop_those_not_of(const IndexState& state) {
  if (state == state_) return;
  answers_.clear();
  kept_ = 0;
  state_ = state;
}

}  // namespace killrvideo::xapian_engine
