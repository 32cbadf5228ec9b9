// How much an answer holds: clients take 4 MiB by default, by whatever interface they come.
//
// Pages of the services keep to this by themselves: one that would be larger ends earlier. Texts of
// ours are far too short to matter; those that other tools write into the tables may have any
// length.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <string>
#include <vector>

namespace killrvideo {

/// A text that is longer is cut at a character.
inline constexpr std::size_t most_text_bytes = 1'000'000;

/// What is left for rows in an answer of 4,000,000 bytes beside what does not grow with them.
class AnswerRoom {
 public:
  /// Takes a row with these texts, which it cuts to most_text_bytes each. False, and nothing is
  /// taken, if there is no room for it; the first row always has room.
  bool take(std::initializer_list<std::string*> texts);

  /// For an answer with a fixed number of rows: cuts the longest of all their texts until they have
  /// room, and any to most_text_bytes.
  static void fit(std::size_t rows, const std::vector<std::string*>& texts);

  /// What a row takes beside its texts: ids, times, and what an encoding puts between them.
  static constexpr std::size_t row_bytes = 250;

 private:
  static constexpr std::size_t most_bytes = 3'900'000;

  std::size_t left_ = most_bytes;
  bool empty_ = true;
};

}  // namespace killrvideo
