// The size limit of an answer: gRPC clients accept 4 MiB by default.
//
// A page that would be larger ends earlier. Texts that our own services accept are far too short to
// matter, but texts that other tools write into the tables may have any length.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <string>
#include <vector>

namespace killrvideo {

/// Longer texts are cut, between two characters.
inline constexpr std::size_t most_text_bytes = 1'000'000;

/// The bytes that are left for rows in an answer of 4,000,000 bytes.
class AnswerRoom {
 public:
  /// Reserves room for a row with these texts, which it cuts to most_text_bytes each. False, with
  /// nothing reserved, if the row does not fit; the first row always fits.
  bool take(std::initializer_list<std::string*> texts);

  /// For an answer with a fixed number of rows: cuts the longest of all their texts until they fit,
  /// and each to most_text_bytes.
  static void fit(std::size_t rows, const std::vector<std::string*>& texts);

  /// The bytes of a row without its texts: ids, times and the overhead of the encoding.
  static constexpr std::size_t row_bytes = 250;

 private:
  static constexpr std::size_t most_bytes = 3'900'000;

  std::size_t left_ = most_bytes;
  bool empty_ = true;
};

}  // namespace killrvideo
