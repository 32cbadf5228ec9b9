#include "dataset/csv.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <sstream>

namespace killrvideo::dataset {
namespace {

using Texts = std::vector<std::string>;

std::vector<CsvRecord> read(const std::string& text) {
  std::istringstream stream(text);
  CsvReader reader(stream);
  std::vector<CsvRecord> records;
  while (auto record = reader.next()) records.push_back(std::move(*record));
  EXPECT_EQ(reader.offset(), text.size());
  return records;
}

/// The one record of `text`.
Texts fields_of(const std::string& text) {
  const auto records = read(text);
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

RC_GTEST_PROP(Csv, WhatIsWrittenIsRead, (const std::vector<Texts>& generated)) {
  // Mostly the characters that matter.
  const auto text = rc::gen::container<std::string>(
      rc::gen::oneOf(rc::gen::element('"', ',', '\n', '\r', 'a', ' '), rc::gen::arbitrary<char>()));
  auto records =
      *rc::gen::container<std::vector<Texts>>(rc::gen::nonEmpty(rc::gen::container<Texts>(text)));
  records.insert(records.end(), generated.begin(), generated.end());
  std::string written;
  std::vector<Texts> expected;
  for (const auto& record : records) {
    std::string line;
    for (const auto& field : record)
      line += (&field == record.data() ? "" : ",") + csv_field(field);
    // An empty line is no record, and a byte order mark at the beginning no text.
    if (line.empty() || (written.empty() && line.starts_with("\xEF\xBB\xBF"))) continue;
    written += line + "\n";
    expected.push_back(record);
  }
  const auto read_back = read(written);
  RC_ASSERT(read_back.size() == expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    RC_ASSERT(read_back[i].malformed == "");
    RC_ASSERT(read_back[i].fields == expected[i]);
  }
}

RC_GTEST_PROP(Csv, AnyBytesAreReadToTheEnd, ()) {
  const auto text = *rc::gen::container<std::string>(
      rc::gen::oneOf(rc::gen::element('"', ',', '\n', '\r', 'a'), rc::gen::arbitrary<char>()));
  std::uint64_t line = 0;
  for (const auto& record : read(text)) {
    RC_ASSERT(record.line > line);
    RC_ASSERT(record.fields.empty() == !record.malformed.empty());
    line = record.line;
  }
}

}  // namespace
}  // namespace killrvideo::dataset
