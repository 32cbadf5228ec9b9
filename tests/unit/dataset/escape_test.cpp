#include "dataset/escape.hpp"

#include <gtest/gtest.h>

#include <sstream>

namespace killrvideo::dataset {
namespace {

struct EscapeCase {
  std::string name;
  std::string text;
  bool has_header;
  Escape escape;
};

class EscapeOf : public testing::TestWithParam<EscapeCase> {};

TEST_P(EscapeOf, AWholeFileIsDecidedOnce) {
  std::istringstream stream(GetParam().text);
  const auto reading = reading_of(stream, GetParam().has_header, std::nullopt);
  EXPECT_EQ(reading.escape, GetParam().escape);
  EXPECT_EQ(reading.has_backslashes, GetParam().text.contains('\\'));
}

constexpr auto by_backslash = Escape::backslash;
constexpr auto doubled_quotes = Escape::doubled;

INSTANTIATE_TEST_SUITE_P(
    Csv, EscapeOf,
    testing::Values(
        EscapeCase{"nothing", "", true, doubled_quotes},
        EscapeCase{"no_backslash", "a,\"say \"\"hi\"\"\"\n", true, doubled_quotes},
        EscapeCase{"escaped_quotes", R"("say \"hi\"",1)", true, by_backslash},
        EscapeCase{"escaped_quotes_in_a_bare_field", R"(say \"hi\",1)", true, by_backslash},
        EscapeCase{"escaped_and_doubled_quotes", "\"[\\\"a\\\"]\",1\n\"[\"\"b\"\"]\",2\n", true,
                   by_backslash},
        EscapeCase{"escaped_backslash", R"("C:\\x",1)", true, by_backslash},
        EscapeCase{"escaped_backslash_without_quotes", R"(C:\\x,1)", true, by_backslash},
        EscapeCase{"pairs_from_the_left", R"(C:\\\\x \\n,1)", true, by_backslash},
        EscapeCase{"an_odd_backslash", R"("C:\\x \d",1)", true, doubled_quotes},
        EscapeCase{"an_odd_backslash_after_pairs", R"("C:\\\x",1)", true, doubled_quotes},
        EscapeCase{"a_backslash_at_the_end", R"(C:\\,x\)", true, doubled_quotes},
        EscapeCase{"one_backslash", R"("C:\x",1)", true, doubled_quotes},
        EscapeCase{"control_characters_below_a_header", R"("a\nb",1)", true, doubled_quotes},
        EscapeCase{"control_characters_without_header", R"("a\nb\tc\rd",1)", false, by_backslash},
        EscapeCase{"control_characters_and_others", R"("a\nb \x",1)", false, doubled_quotes},
        EscapeCase{"quotes_alone_without_header", "\"a \\\"\",1\n", false, by_backslash},
        EscapeCase{"line_ends", "\"C:\\\\x\\\ny\\\r\nz\",1\n", true, by_backslash},
        EscapeCase{"line_ends_alone", "a\\\nb,1\n", true, doubled_quotes},
        EscapeCase{"a_carriage_return_that_ends_no_line", "\"C:\\\\x\\\ry\",1\n", true,
                   doubled_quotes},
        EscapeCase{"backslashes_before_closing_quotes", "\"C:\\\",1\n\"D:\\\",2\n", true,
                   doubled_quotes},
        EscapeCase{"backslashes_before_closing_quotes_and_one_escaped",
                   "\"C:\\\",1\n\"D:\\\",2\n\"E:\\\",3\n\"say \\\"hi\",4\n", true, doubled_quotes},
        EscapeCase{"malformed_either_way", "\"a\"b,1\n\"C:\\x\",2\n", true, doubled_quotes}),
    [](const auto& test) { return test.param.name; });

TEST(Escapes, AreAsTheyAreWanted) {
  for (const auto escape : {by_backslash, doubled_quotes}) {
    std::istringstream stream(R"("C:\\x \d",1)");
    EXPECT_EQ(reading_of(stream, true, escape).escape, escape);
  }
}

TEST(Escapes, AreFoundWhereABufferEnds) {
  for (const std::size_t before : {65'533U, 65'534U, 65'535U, 65'536U}) {
    std::istringstream stream(std::string(before, 'x') + R"(\\,\n)");
    EXPECT_EQ(reading_of(stream, true, std::nullopt).escape, by_backslash);
  }
}

}  // namespace
}  // namespace killrvideo::dataset
