#include "search/words.hpp"

#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

#include "common/text.hpp"

namespace killrvideo {
namespace {

using ::testing::ElementsAre;

struct WordForm {
  std::string_view text;
  std::vector<std::string> words;
};

// Add a line for each form that texts and queries have.
const std::vector<WordForm> word_forms{
    {"The Cat's 2nd-best C++ video_1!", {"the", "cat", "s", "2nd", "best", "c", "video", "1"}},
    {"", {}},
    {"\"*:()[]{}~^ -- 🎬 …", {}},
    {"  two\twords\n", {"two", "words"}},
    // Case, accents, letters that Unicode does not take apart.
    {"Café CAFÉ cafe\u0301", {"cafe", "cafe", "cafe"}},
    {"Straße STRASSE STRAẞE", {"strasse", "strasse", "strasse"}},
    {"Łódź Ærø Œuvre Þór Đà", {"lodz", "aero", "oeuvre", "thor", "da"}},
    {"ЙОГА йога", {"иога", "иога"}},
    {"ΟΔΟΣ οδός", {"οδοσ", "οδοσ"}},
    {"İstanbul ISTANBUL ıstanbul", {"istanbul", "istanbul", "istanbul"}},
    // Compatibility forms.
    {"ﬁlm ｆｕｌｌ Ⅳ ２００１", {"film", "full", "iv", "2001"}},
    // Invisible characters inside a word are nothing.
    {"soft\u00ADhyphen", {"softhyphen"}},
    {"zero\u200Bwidth\u200Cspaces\u200Dand\u2060joiners\uFEFF", {"zerowidthspacesandjoiners"}},
    {"\u200Eleft\u200Fto\u202Aright\u202Bto\u202Cleft\u202D\u202E", {"lefttorighttoleft"}},
    {"i\u2066s\u2067o\u2068l\u2069ates", {"isolates"}},
    {"Caf\u00ADe\u200B\u0301", {"cafe"}},
    {"one \u200B two", {"one", "two"}},
    {"\u00AD\u200B", {}},
    {"می\u200Cخواهم", {"میخواهم"}},
    // Vowel signs of Arabic and Hebrew, and the tatweel, are accents.
    {"كِتَابٌ كتاب كـــتاب", {"كتاب", "كتاب", "كتاب"}},
    {"مُحَمَّد", {"محمد"}},
    {"أحمد احمد", {"احمد", "احمد"}},
    {"\u0671\u0644\u0631\u06DF\u06EDح\u0670", {"\u0671\u0644\u0631ح"}},
    {"שָׁלוֹם שלום \uFB2Aלום", {"שלום", "שלום", "שלום"}},
    {"בית־ספר", {"בית", "ספר"}},
    {"ـــ", {}},
    // Marks of other scripts are not.
    {"हिन्दी", {"हिन्दी"}},
    {"हिन्\u200Dदी", {"हिन्दी"}},
    {"தமிழ் ไทย", {"தமிழ்", "ไทย"}},
    // Apostrophes cut.
    {"don't o’connor", {"don", "t", "o", "connor"}},
    // Scripts without spaces.
    {"東京タワー", {"東", "京", "タワー"}},
    {"がんばれ", {"が", "ん", "ば", "れ"}},
    {"한국 영화", {"한국", "영화"}},
};

class WordForms : public testing::TestWithParam<WordForm> {};
TEST_P(WordForms, AreTheirWords) { EXPECT_EQ(words_of(GetParam().text), GetParam().words); }
INSTANTIATE_TEST_SUITE_P(Words, WordForms, testing::ValuesIn(word_forms));

struct CompletionForm {
  std::string_view text;
  std::vector<CompletionWord> words;
};

// Add a line for each form that texts have.
const std::vector<CompletionForm> completion_forms{
    {"Police POLICE police", {{"police", "police"}, {"police", "police"}, {"police", "police"}}},
    {"The and of", {}},
    {"", {}},
    {"2001: video_1", {{"2001", "2001"}, {"video", "video"}, {"1", "1"}}},
    // Accents are kept.
    {"CAFÉ cafe\u0301 cafe", {{"cafe", "café"}, {"cafe", "café"}, {"cafe", "cafe"}}},
    {"Thé", {{"the", "thé"}}},
    {"Straße STRASSE STRAẞE",
     {{"strasse", "straße"}, {"strasse", "strasse"}, {"strasse", "straße"}}},
    {"ŁÓDŹ Ærø", {{"lodz", "łódź"}, {"aero", "ærø"}}},
    {"ЙОГА", {{"иога", "йога"}}},
    {"İSTANBUL", {{"istanbul", "istanbul"}}},
    {"ΜΆΣ Σ ΣΑΣ, ΣΑΣΑ", {{"μασ", "μάς"}, {"σ", "σ"}, {"σασ", "σας"}, {"σασα", "σασα"}}},
    {"كِتاب كتاب", {{"كتاب", "كِتاب"}, {"كتاب", "كتاب"}}},
    {"हिन्दी", {{"हिन्दी", "हिन्दी"}}},
    // Compatibility forms, invisible characters and tatweel are not.
    {"ﬁlm ｆｕｌｌ Ⅳ", {{"film", "film"}, {"full", "full"}, {"iv", "iv"}}},
    {"ca\u00ADf\u200Be\u0301 كـتاب", {{"cafe", "café"}, {"كتاب", "كتاب"}}},
    // Apostrophes between letters join.
    {"Schindler's don’t", {{"schindler's", "schindler's"}, {"don't", "don't"}}},
    {"O'Connor's", {{"o'connor's", "o'connor's"}, {"connor's", "connor's"}}},
    {"L'avion d’été",
     {{"l'avion", "l'avion"}, {"avion", "avion"}, {"d'ete", "d'été"}, {"ete", "été"}}},
    {"we're y'all", {{"we're", "we're"}, {"y'all", "y'all"}, {"all", "all"}}},
    {"rock'n'roll", {{"rock'n'roll", "rock'n'roll"}, {"n'roll", "n'roll"}, {"roll", "roll"}}},
    {"l'the", {{"l'the", "l'the"}}},
    {"don＇t do\u00ADn\u200B'\u200Bt", {{"don't", "don't"}, {"don't", "don't"}}},
    {"cafe\u0301's", {{"cafe's", "café's"}}},
    // Elsewhere they cut.
    {"'quoted' dogs' x''y 90's '99 y'2",
     {{"quoted", "quoted"},
      {"dogs", "dogs"},
      {"x", "x"},
      {"y", "y"},
      {"90", "90"},
      {"s", "s"},
      {"99", "99"},
      {"y", "y"},
      {"2", "2"}}},
    {"東'京", {{"東", "東"}, {"京", "京"}}},
};

class CompletionForms : public testing::TestWithParam<CompletionForm> {};
TEST_P(CompletionForms, AreTheirWords) {
  EXPECT_EQ(completion_words_of(GetParam().text), GetParam().words);
}
INSTANTIATE_TEST_SUITE_P(Words, CompletionForms, testing::ValuesIn(completion_forms));

TEST(CompletionWords, OfAQueryTheLastOneIsTyped) {
  const std::vector<std::pair<std::string_view, std::string>> forms{{"caf", "caf"},
                                                                    {"some CAFÉ", "cafe"},
                                                                    {"police ", "police"},
                                                                    {"schindler’s", "schindler's"},
                                                                    {"schindler'", "schindler"},
                                                                    {"l'avion", "l'avion"},
                                                                    {"the", "the"},
                                                                    {"x 'n", "n"},
                                                                    {"Straße", "strasse"},
                                                                    {"!!!", ""},
                                                                    {"", ""}};
  for (const auto& [query, word] : forms) EXPECT_EQ(last_word_of(query), word) << query;
}

TEST(CompletionWords, ThatAreTooLongAreCutAtALetter) {
  const std::string german = "rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz";
  EXPECT_EQ(completion_words_of(german).at(0).spelling, german);
  const std::string long_word(most_completion_bytes, 'x');
  EXPECT_EQ(completion_words_of(long_word + "yz").at(0), (CompletionWord{long_word, long_word}));
  const auto cut = std::string(most_completion_bytes - 1, 'x');
  EXPECT_EQ(completion_words_of(cut + "é").at(0), (CompletionWord{cut, cut}));
  EXPECT_EQ(completion_words_of(cut + "'y").at(0), (CompletionWord{cut, cut}));
  EXPECT_EQ(last_word_of(long_word + "yz"), long_word);
}

TEST(CompletionWords, AreInTheOrderOfTheirKeys) {
  const std::vector<CompletionWord> words{
      {"ca", "ca"},       {"ca", "ça"},       {"caf", "caf"},
      {"cafe", "cafe"},   {"cafe", "café"},   {"cafe's", "cafe's"},
      {"cafe1", "cafe1"}, {"cafes", "cafés"}, {"كتاب", "كتاب"}};
  for (std::size_t i = 0; i < words.size(); ++i) {
    EXPECT_EQ(completion_word_in(key_of(words[i])), words[i]);
    for (std::size_t j = 0; j < words.size(); ++j)
      EXPECT_EQ(key_of(words[i]) < key_of(words[j]), words[i] < words[j]);
    EXPECT_EQ(key_of(words[i]) > after_word("ca"), words[i].folded != "ca") << words[i].spelling;
  }
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
