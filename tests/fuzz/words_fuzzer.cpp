// Words, and words for completions, of any text are well-formed, within their limits, and words by
// themselves; what completes is found by what it begins with.
#include <algorithm>
#include <string>
#include <string_view>

#include "common/text.hpp"
#include "expect.hpp"
#include "search/words.hpp"

namespace {

using namespace killrvideo;

std::string without_apostrophes(std::string text) {
  std::erase(text, '\'');
  return text;
}

void expect_words(std::string_view text) {
  for (const auto& word : words_of(text)) {
    expect(!word.empty() && is_utf8(word), "a word is a text");
    expect(word.size() <= most_word_bytes, "a word has no more bytes than it may have");
    expect(words_of(word) == std::vector{word}, "a word is a word");
  }
}

void expect_completion(const CompletionWord& word) {
  expect(is_utf8(word.folded) && is_utf8(word.spelling), "a completion is a text");
  expect(!word.folded.empty() && word.folded.size() <= most_completion_bytes &&
             !word.spelling.empty() && word.spelling.size() <= most_completion_bytes,
         "a completion has no more bytes than it may have");
  expect(completion_word_in(key_of(word)) == word, "a key is the word");
  expect(last_word_of(word.spelling) == word.folded, "a completion is typed as it is spelt");
  expect(last_word_of(word.folded) == word.folded, "a completion is typed as it is folded");
  expect(completion_words_of(word.spelling).front() == word, "a completion is a word");
  // Words to search are cut sooner.
  std::string parts;
  for (const auto& part : words_of(word.spelling)) parts += part;
  const auto letters = without_apostrophes(word.folded);
  expect(
      letters.starts_with(parts) || parts.starts_with(letters) || word.folded.size() > most_letters,
      "a completion has the letters of words");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (!is_utf8(text)) return 0;
  expect_words(text);
  for (const auto& word : completion_words_of(text)) expect_completion(word);
  return 0;
}
