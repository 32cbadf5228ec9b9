#include "common/text.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "common/error.hpp"
#include "common/validate.hpp"

namespace killrvideo {
namespace {

std::string field_of_error(const auto& call) {
  try {
    call();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Code::invalid_argument);
    return error.field();
  }
  return "(no error)";
}

TEST(Text, KnowsUtf8) {
  for (const char* good : {"", "plain", "Grüße", "日本語", "🎬"})
    EXPECT_TRUE(is_utf8(good)) << good;
  for (const char* bad : {"\xff", "\xc3", "\xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "a\x80"})
    EXPECT_FALSE(is_utf8(bad)) << bad;
}

TEST(Text, TrimsWhiteSpaceOfAllKinds) {
  EXPECT_EQ(trim(" \t\n a b \r\n"), "a b");
  EXPECT_EQ(trim("\u00a0\u2003Grüße\u3000"), "Grüße");
  EXPECT_EQ(trim(" \u2003 "), "");
}

TEST(Text, CountsCharactersNotBytes) {
  EXPECT_EQ(count_characters("Grüße"), 5u);
  EXPECT_EQ(count_characters("🎬🎬"), 2u);
}

TEST(Text, FoldsCase) {
  EXPECT_EQ(fold_case("Anna@Example.ORG"), "anna@example.org");
  EXPECT_EQ(fold_case("STRASSE"), fold_case("straße"));
  EXPECT_EQ(fold_case("É"), fold_case("e\u0301"));
}

RC_GTEST_PROP(Text, FoldingTwiceChangesNothing, ()) {
  static const std::vector<std::string> pieces{"a", "A", "ß", "É", "e\u0301",
                                               "İ", "Σ", "ς", "ﬁ", "@"};
  std::string text;
  for (const auto& piece :
       *rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(pieces)))
    text += piece;
  RC_ASSERT(fold_case(fold_case(text)) == fold_case(text));
}

TEST(CheckText, CountsAfterTrimming) {
  EXPECT_EQ(check_text("name", "  ab  ", {1, 2}), "ab");
  EXPECT_EQ(field_of_error([] { check_text("name", "   ", {1, 2}); }), "name");
  EXPECT_EQ(field_of_error([] { check_text("name", "äöü", {1, 2}); }), "name");
  EXPECT_EQ(check_text("description", "", {0, 2}), "");
}

TEST(CheckPageSize, IsCutAtTheLargest) {
  EXPECT_EQ(check_page_size(1), 1u);
  EXPECT_EQ(check_page_size(1'000), 1'000u);
  EXPECT_EQ(check_page_size(2'000'000'000), 1'000u);
  EXPECT_EQ(field_of_error([] { check_page_size(0); }), "page_size");
  EXPECT_EQ(field_of_error([] { check_page_size(-1); }), "page_size");
}

TEST(CheckIds, KeepsTheFirstOfEach) {
  std::vector<int> ids{3, 1, 3, 2, 1};
  EXPECT_EQ((check_ids<int>("ids", ids)), (std::vector<int>{3, 1, 2}));
  EXPECT_EQ(field_of_error([] { check_ids<int>("ids", std::vector<int>{}); }), "ids");
  EXPECT_EQ(field_of_error([] { check_ids<int>("ids", std::vector<int>(101, 7)); }), "ids");
  EXPECT_EQ((check_ids<int>("ids", std::vector<int>(100, 7))).size(), 1u);
}

TEST(LowerAscii, ChangesNothingButAToZ) {
  EXPECT_EQ(lower_ascii(""), "");
  EXPECT_EQ(lower_ascii("AZ az @[ 09 É\xFF"), "az az @[ 09 É\xFF");
}

}  // namespace
}  // namespace killrvideo
