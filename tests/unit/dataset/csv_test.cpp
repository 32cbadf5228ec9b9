#include "dataset/csv_field.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <sstream>

namespace killrvideo::dataset {
namespace {

using Texts = std::vector<std::string>;

std::vector<CsvRecord> read(const std::string& text, Escape escape = Escape::doubled) {
  std::istringstream stream(text);
  CsvReader reader(stream, escape);
  std::vector<CsvRecord> records;
  while (auto record = reader.next()) records.push_back(std::move(*record));
  EXPECT_EQ(reader.offset(), text.size());
  return records;
}

/// The one record of `text`.
Texts fields_of(const std::string& text, Escape escape = Escape::doubled) {
  const auto records = read(text, escape);
  EXPECT_EQ(records.size(), 1u);
  EXPECT_EQ(records.at(0).malformed, "");
  return records.at(0).fields;
}

TEST(Csv, FieldsAreSeparatedByCommas) {
  EXPECT_EQ(fields_of("a,b,c\n"), (Texts{"a", "b", "c"}));
  EXPECT_EQ(fields_of(",,\n"), (Texts{"", "", ""}));
  EXPECT_EQ(fields_of(" a , b \n"), (Texts{" a ", " b "}));
}

TEST(Csv, TheLastLineNeedsNoEnd) {
  EXPECT_EQ(fields_of("a,b"), (Texts{"a", "b"}));
  EXPECT_EQ(fields_of("a,"), (Texts{"a", ""}));
  EXPECT_EQ(fields_of("\"a\""), (Texts{"a"}));
}

TEST(Csv, QuotedFieldsHoldAnything) {
  EXPECT_EQ(fields_of("\"a,b\",\"\",\"say \"\"hi\"\"\"\n"), (Texts{"a,b", "", "say \"hi\""}));
  EXPECT_EQ(fields_of("\"one\ntwo\r\n\nthree\",x\n"), (Texts{"one\ntwo\r\n\nthree", "x"}));
  EXPECT_EQ(fields_of("\"\"\"\"\n"), (Texts{"\""}));
}

TEST(Csv, LinesEndInEitherWay) {
  const auto records = read("a,b\r\n\"c\",\"d\"\r\ne,f\n");
  ASSERT_EQ(records.size(), 3u);
  EXPECT_EQ(records[0].fields, (Texts{"a", "b"}));
  EXPECT_EQ(records[1].fields, (Texts{"c", "d"}));
  EXPECT_EQ(records[2].fields, (Texts{"e", "f"}));
}

TEST(Csv, NothingHasNoRecords) {
  EXPECT_TRUE(read("").empty());
  EXPECT_TRUE(read("\n\r\n\n").empty());
  EXPECT_TRUE(read("\xEF\xBB\xBF").empty());
}

TEST(Csv, AByteOrderMarkIsNoPartOfTheFirstField) {
  EXPECT_EQ(fields_of("\xEF\xBB\xBF\"a\",b\n"), (Texts{"a", "b"}));
  EXPECT_EQ(fields_of("\xEF\xBB\n"), (Texts{"\xEF\xBB"}));
}

TEST(Csv, RecordsKnowTheLineTheyBeginIn) {
  const auto records = read("a\n\n\"b\n\nb\"\nc\n");
  ASSERT_EQ(records.size(), 3u);
  EXPECT_EQ(records[0].line, 1u);
  EXPECT_EQ(records[1].line, 3u);
  EXPECT_EQ(records[2].line, 6u);
}

struct Malformed {
  std::string text;
  std::string reason;
};

class MalformedCsv : public testing::TestWithParam<Malformed> {};

TEST_P(MalformedCsv, IsToldAndReadingGoesOnInTheNextLine) {
  const auto records = read("first,1\n" + GetParam().text + "\nlast,2\n");
  ASSERT_GE(records.size(), 3u);
  EXPECT_EQ(records[0].fields, (Texts{"first", "1"}));
  EXPECT_EQ(records[1].line, 2u);
  EXPECT_NE(records[1].malformed.find(GetParam().reason), std::string::npos)
      << records[1].malformed;
  EXPECT_EQ(records.back().fields, (Texts{"last", "2"}));
  EXPECT_EQ(records.back().malformed, "");
}

INSTANTIATE_TEST_SUITE_P(
    Csv, MalformedCsv,
    testing::Values(Malformed{"\"open,1", "not closed"}, Malformed{"a,\"", "not closed"},
                    Malformed{"\"a\"b,1", "between a closing quote"},
                    Malformed{"\"a\" ,1", "between a closing quote"},
                    Malformed{"a\"b,1", "does not begin"}, Malformed{"a,1\"", "does not begin"},
                    Malformed{"\"two\nlines\" x,1", "between a closing quote"}),
    [](const auto& test) { return "Case" + std::to_string(test.index); });

TEST(Csv, AQuoteThatIsNeverClosedDoesNotFillTheMemory) {
  std::string text = "\"open\n";
  for (int i = 0; i < 400'000; ++i) text += "a line of some fifty characters, many times over\n";
  std::istringstream stream(text);
  CsvReader reader(stream);
  const auto record = reader.next();
  ASSERT_TRUE(record.has_value());
  EXPECT_NE(record->malformed.find("16 MiB"), std::string::npos);
  EXPECT_EQ(reader.next()->line, 2u);
}

struct EscapeForm {
  std::string text;
  Texts by_backslash;  ///< Nothing: it is malformed.
  Texts doubled;
};

class CsvEscapes : public testing::TestWithParam<EscapeForm> {};

TEST_P(CsvEscapes, AreReadInEitherWay) {
  for (const auto escape : {Escape::backslash, Escape::doubled}) {
    const auto records = read(GetParam().text, escape);
    const auto& expected =
        escape == Escape::backslash ? GetParam().by_backslash : GetParam().doubled;
    ASSERT_FALSE(records.empty());
    EXPECT_EQ(records[0].malformed.empty(), !expected.empty()) << records[0].malformed;
    EXPECT_EQ(records[0].fields, expected);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Csv, CsvEscapes,
    testing::Values(EscapeForm{R"("say \"hi\"",1)", {"say \"hi\"", "1"}, {}},
                    EscapeForm{R"("say ""hi""",1)", {"say \"hi\"", "1"}, {"say \"hi\"", "1"}},
                    EscapeForm{R"("C:\\x",1)", {"C:\\x", "1"}, {"C:\\\\x", "1"}},
                    EscapeForm{R"(C:\\x,1)", {"C:\\x", "1"}, {"C:\\\\x", "1"}},
                    EscapeForm{R"(say \"hi\",1)", {"say \"hi\"", "1"}, {}},
                    EscapeForm{R"(\"hi\",1)", {"\"hi\"", "1"}, {}},
                    EscapeForm{R"("a\nb\rc\td",1)", {"a\nb\rc\td", "1"}, {R"(a\nb\rc\td)", "1"}},
                    EscapeForm{R"(a\nb,1)", {"a\nb", "1"}, {R"(a\nb)", "1"}},
                    EscapeForm{R"("\\n",\\\\)", {R"(\n)", R"(\\)"}, {R"(\\n)", R"(\\\\)"}},
                    EscapeForm{R"("C:\x\0",\x)", {R"(C:\x\0)", R"(\x)"}, {R"(C:\x\0)", R"(\x)"}},
                    EscapeForm{R"(a\,b)", {"a\\", "b"}, {"a\\", "b"}},
                    EscapeForm{"a\\\nb,1", {"a\nb", "1"}, {"a\\"}},
                    EscapeForm{"a\\\r\nb,1", {"a\r\nb", "1"}, {"a\\"}},
                    EscapeForm{"\"a\\\nb\",1", {"a\nb", "1"}, {"a\\\nb", "1"}},
                    EscapeForm{"a,b\\", {"a", "b\\"}, {"a", "b\\"}},
                    EscapeForm{"a,b\\\n", {"a", "b\n"}, {"a", "b\\"}},
                    EscapeForm{R"("ends with \",1)", {}, {"ends with \\", "1"}},
                    EscapeForm{R"("[\"a\", ""b""]",1)", {R"(["a", "b"])", "1"}, {}}),
    [](const auto& test) { return "Case" + std::to_string(test.index); });

TEST(Csv, BlanksAroundQuotesCanBeNothing) {
  std::istringstream stream(" \"a, b\" ,\t\"c\"\t, d ,\" e \"\r\nnext\n");
  CsvReader reader(stream);
  EXPECT_EQ(reader.next(Blanks::nothing)->fields, (Texts{"a, b", "c", " d ", " e "}));
  EXPECT_EQ(reader.next()->fields, Texts{"next"});
}

TEST(Csv, RecordsKnowWhichBytesWereLookedAt) {
  const auto records = read("\xEF\xBB\xBF\n\"a\nb\",1\r\n\"x\n\"y,2\nlast");
  ASSERT_EQ(records.size(), 4u);
  EXPECT_EQ(std::pair(records[0].begin, records[0].end), std::pair(4ul, 13ul));
  EXPECT_EQ(std::pair(records[1].begin, records[1].end), std::pair(13ul, 21ul));
  EXPECT_EQ(std::pair(records[3].begin, records[3].end), std::pair(21ul, 25ul));
}

RC_GTEST_PROP(Csv, WhatIsWrittenIsRead, (const std::vector<Texts>& generated)) {
  // Mostly the characters that matter.
  const auto text = rc::gen::container<std::string>(rc::gen::oneOf(
      rc::gen::element('"', ',', '\n', '\r', '\\', 'n', ' '), rc::gen::arbitrary<char>()));
  auto records =
      *rc::gen::container<std::vector<Texts>>(rc::gen::nonEmpty(rc::gen::container<Texts>(text)));
  records.insert(records.end(), generated.begin(), generated.end());
  const auto escape = *rc::gen::element(Escape::doubled, Escape::backslash);
  std::string written;
  std::vector<Texts> expected;
  for (const auto& record : records) {
    std::string line;
    for (const auto& field : record)
      line += (&field == record.data() ? "" : ",") + csv_field(field, escape);
    // An empty line is no record, and a byte order mark at the beginning no text.
    if (line.empty() || (written.empty() && line.starts_with("\xEF\xBB\xBF"))) continue;
    written += line + "\n";
    expected.push_back(record);
  }
  const auto read_back = read(written, escape);
  RC_ASSERT(read_back.size() == expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    RC_ASSERT(read_back[i].malformed == "");
    RC_ASSERT(read_back[i].fields == expected[i]);
  }
}

RC_GTEST_PROP(Csv, AnyBytesAreReadToTheEnd, ()) {
  const auto text = *rc::gen::container<std::string>(
      rc::gen::oneOf(rc::gen::element('"', ',', '\n', '\r', '\\'), rc::gen::arbitrary<char>()));
  const auto escape = *rc::gen::element(Escape::doubled, Escape::backslash);
  std::uint64_t line = 0;
  for (const auto& record : read(text, escape)) {
    RC_ASSERT(record.line > line);
    RC_ASSERT(record.fields.empty() == !record.malformed.empty());
    line = record.line;
  }
}

}  // namespace
}  // namespace killrvideo::dataset
