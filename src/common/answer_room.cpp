#include "common/answer_room.hpp"

#include <algorithm>

#include "common/text.hpp"

namespace killrvideo {
namespace {

// The overhead of a text.
constexpr std::size_t text_overhead = 8;

// The length to which texts of these lengths must be cut so that their sum is `most` bytes.
std::size_t common_limit(std::vector<std::size_t> lengths, std::size_t most) {
  std::ranges::sort(lengths);
  std::size_t left = most;
  for (std::size_t i = 0; i < lengths.size(); ++i) {
    const std::size_t share = left / (lengths.size() - i);
    if (lengths[i] > share) return std::min(share, most_text_bytes);
    left -= lengths[i];
  }
  return most_text_bytes;
}

}  // namespace

bool AnswerRoom::take(std::initializer_list<std::string*> texts) {
  std::size_t bytes = row_bytes;
  for (std::string* text : texts) {
    cut(*text, most_text_bytes);
    bytes += text->size() + text_overhead;
  }
  if (bytes > left_ && !empty_) return false;
  left_ -= std::min(bytes, left_);
  empty_ = false;
  return true;
}

void AnswerRoom::fit(std::size_t rows, const std::vector<std::string*>& texts) {
  const std::size_t besides = rows * row_bytes + texts.size() * text_overhead;
  std::vector<std::size_t> lengths;
  lengths.reserve(texts.size());
  for (const std::string* text : texts) lengths.push_back(text->size());
  const auto limit = common_limit(std::move(lengths), most_bytes - std::min(besides, most_bytes));
  for (std::string* text : texts) cut(*text, limit);
}

}  // namespace killrvideo
