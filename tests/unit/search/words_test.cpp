#include "search/words.hpp"

#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

#include "common/text.hpp"

namespace killrvideo {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(Words, AreRunsOfLettersAndDigitsInLowerCase) {
  EXPECT_THAT(words_of("The Cat's 2nd-best C++ video_1!"),
              ElementsAre("the", "cat", "s", "2nd", "best", "c", "video", "1"));
  EXPECT_THAT(words_of(""), IsEmpty());
  EXPECT_THAT(words_of("\"*:()[]{}~^ -- 🎬 …"), IsEmpty());
}

TEST(Words, OfWritingsThatMeanTheSameAreTheSame) {
  EXPECT_THAT(words_of("Café CAFÉ cafe\xCC\x81"), ElementsAre("cafe", "cafe", "cafe"));
  EXPECT_THAT(words_of("Straße STRASSE"), ElementsAre("strasse", "strasse"));
  EXPECT_THAT(words_of("Łódź Ærø Œuvre"), ElementsAre("lodz", "aero", "oeuvre"));
  EXPECT_THAT(words_of("ﬁlm ｆｕｌｌ Ⅳ"), ElementsAre("film", "full", "iv"));
  EXPECT_THAT(words_of("ЙОГА йога"), ElementsAre("иога", "иога"));
}

TEST(Words, OfScriptsWithoutSpacesAreSingleCharacters) {
  EXPECT_THAT(words_of("東京タワー"), ElementsAre("東", "京", "タワー"));
  EXPECT_THAT(words_of("がんばれ"), ElementsAre("が", "ん", "ば", "れ"));
  EXPECT_THAT(words_of("한국 영화"), ElementsAre("한국", "영화"));
}

TEST(Words, KeepTheVowelSignsOfIndianScripts) {
  EXPECT_THAT(words_of("हिन्दी"), ElementsAre("हिन्दी"));
}

TEST(Words, ThatAreTooLongAreCutAtALetter) {
  EXPECT_THAT(words_of(std::string(500, 'x')), ElementsAre(std::string(most_letters, 'x')));
  const auto cut = words_of("é" + std::string(200, 'y')).at(0);
  EXPECT_EQ(count_characters(cut), most_letters);
}

TEST(Words, ThatMarksMakeTooLongAreCut) {
  const auto times = [](int count, std::string_view text) {
    std::string all;
    for (int i = 0; i < count; ++i) all += text;
    return all;
  };
  const std::string ka = "\u0915";
  const std::string vowel = "\u0941";
  EXPECT_THAT(words_of(ka + times(79, vowel) + times(59, ka)), ElementsAre(ka + times(79, vowel)));
  EXPECT_THAT(words_of(ka + times(78, vowel) + times(59, ka) + " x"),
              ElementsAre(ka + times(78, vowel) + ka, "x"));
  EXPECT_THAT(words_of(ka + "\U00011038" + times(79, vowel) + "a"),
              ElementsAre(ka + "\U00011038" + times(77, vowel)));
}

RC_GTEST_PROP(Words, OfLettersAndMarksAreBounded, ()) {
  static const std::vector<std::string> pieces{"a",      "\u00E9", "\u0915",     "\u0941",
                                               "\u093F", "\u0301", "\U00010428", "\U00011038",
                                               "7",      "\uAC00"};
  const auto text = *rc::gen::scale(
      5.0, rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(pieces)));
  std::string all;
  for (const auto& piece : text) all += piece;
  for (const auto& word : words_of(all)) {
    RC_ASSERT(word.size() <= most_word_bytes);
    RC_ASSERT(is_utf8(word));
    RC_ASSERT(words_of(word) == std::vector{word});
  }
}

RC_GTEST_PROP(Words, AreWellFormedAndFoldedAlready, (const std::vector<std::uint32_t>& numbers)) {
  std::string text;
  for (auto number : numbers) {
    number %= 0x11'0000;
    if (number >= 0xD800 && number < 0xE000) number = ' ';
    if (number < 0x80) {
      text += static_cast<char>(number);
    } else if (number < 0x800) {
      text += static_cast<char>(0xC0 | (number >> 6));
      text += static_cast<char>(0x80 | (number & 0x3F));
    } else if (number < 0x1'0000) {
      text += static_cast<char>(0xE0 | (number >> 12));
      text += static_cast<char>(0x80 | ((number >> 6) & 0x3F));
      text += static_cast<char>(0x80 | (number & 0x3F));
    } else {
      text += static_cast<char>(0xF0 | (number >> 18));
      text += static_cast<char>(0x80 | ((number >> 12) & 0x3F));
      text += static_cast<char>(0x80 | ((number >> 6) & 0x3F));
      text += static_cast<char>(0x80 | (number & 0x3F));
    }
  }
  RC_ASSERT(is_utf8(text));
  for (const auto& word : words_of(text)) {
    RC_ASSERT(is_utf8(word));
    RC_ASSERT(!word.empty());
    RC_ASSERT(word.size() <= 4 * most_letters);
    const auto again = words_of(word);
    RC_ASSERT(again.size() == 1u);
    RC_ASSERT(again[0] == word);
  }
}

TEST(StopWords, AreKnown) {
  for (const auto* word : {"a", "and", "the", "this", "with", "your"})
    EXPECT_TRUE(is_stop_word(word));
  for (const auto* word : {"cat", "th", "video", "z", ""}) EXPECT_FALSE(is_stop_word(word));
}

TEST(MisspellingDistance, GrowsWithTheWord) {
  EXPECT_EQ(misspelling_distance("x"), 0u);
  EXPECT_EQ(misspelling_distance("xy"), 1u);
  EXPECT_EQ(misspelling_distance("video"), 1u);
  EXPECT_EQ(misspelling_distance("вíдео"), 1u);
  EXPECT_EQ(misspelling_distance("videos"), 2u);
}

}  // namespace
}  // namespace killrvideo
