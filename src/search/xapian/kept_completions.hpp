// Lists of completions that were asked for before: most users type the beginnings of the same
// words.
//
// A list is given again only while the index is what it was when the list was made, so it is as
// good as asking. Videos are not looked up here, but in the store by whoever asks.
#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "search/index.hpp"
#include "search/xapian/readers.hpp"

namespace killrvideo::xapian_engine {

/// Any thread.
class KeptCompletions {
 public:
  struct Question {
    std::string beginning;
    std::string after;  ///< the key of a word, or empty
    std::size_t limit = 0;
    bool operator==(const Question&) const = default;
  };

  /// The answer in this state of the index, if it is kept.
  std::optional<std::vector<Completion>> find(const IndexState& state, const Question& question);

  /// Keeps an answer that was made of this state of the index or a later one.
  void keep(const IndexState& state, const Question& question,
            const std::vector<Completion>& answer);

 private:
  struct Hash {
    std::size_t operator()(const Question& question) const;
  };

  void drop_those_not_of(const IndexState& state);

  std::mutex mutex_;
  IndexState state_;
  std::unordered_map<Question, std::vector<Completion>, Hash> answers_;
  std::size_t kept_ = 0;  // in all answers
};

}  // namespace killrvideo::xapian_engine
