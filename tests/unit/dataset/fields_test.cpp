#include "dataset/fields.hpp"

#include <gtest/gtest.h>

namespace killrvideo::dataset {
namespace {

using namespace std::chrono_literals;

/// A record with the one column `x`.
class OneField {
 public:
  explicit OneField(std::string text)
      : header_({.line = 1, .fields = {"x"}, .malformed = {}}),
        record_{.line = 2, .fields = {std::move(text)}, .malformed = {}},
        fields_(header_, record_) {}

  const Fields* operator->() const { return &fields_; }

 private:
  Header header_;
  CsvRecord record_;
  Fields fields_;
};

template <class Read>
void expect_bad(const std::string& text, Read read) {
  const OneField field(text);
  try {
    read(field);
    ADD_FAILURE() << "'" << text << "' was taken";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Code::invalid_argument);
    EXPECT_EQ(error.field(), "x");
    EXPECT_EQ(std::string(error.what()).find('\n'), std::string::npos);
  }
}

TEST(Fields, AreFoundByNameInAnyOrder) {
  const Header header({.line = 1, .fields = {"b", "a", "c"}, .malformed = {}});
  const CsvRecord record{.line = 2, .fields = {"1", "2", "3"}, .malformed = {}};
  const Fields fields(header, record);
  EXPECT_EQ(fields.text("a"), "2");
  EXPECT_EQ(fields.number("b"), 1);
  EXPECT_EQ(fields.optional_text("d"), std::nullopt);
}

TEST(Fields, HaveToBeAsManyAsColumns) {
  const Header header({.line = 1, .fields = {"a", "b"}, .malformed = {}});
  const CsvRecord few{.line = 2, .fields = {"1"}, .malformed = {}};
  const CsvRecord many{.line = 2, .fields = {"1", "2", "3"}, .malformed = {}};
  EXPECT_THROW(Fields(header, few), Error);
  EXPECT_THROW(Fields(header, many), Error);
}

TEST(Fields, Ids) {
  const std::string random = "79577345-9470-41e2-93d1-311b10a1f8ae";
  const std::string timed = "090f6644-b9cd-11f0-9a37-62bc60f3bc08";
  EXPECT_EQ(OneField(random)->id<VideoId>("x").to_string(), random);
  EXPECT_EQ(OneField(timed)->id<CommentId>("x").to_string(), timed);
  expect_bad(random, [](const auto& field) { field->template id<CommentId>("x"); });
  for (const auto* text : {"", "79577345", "79577345-9470-41e2-93d1-311b10a1f8aeff"})
    expect_bad(text, [](const auto& field) { field->template id<VideoId>("x"); });
}

TEST(Fields, Times) {
  const Timestamp expected = std::chrono::sys_days{2021y / 10 / 13} + 17h + 58min + 1s;
  EXPECT_EQ(OneField("2021-10-13 17:58:01.000+0000")->time("x"), expected);
  EXPECT_EQ(OneField("2021-10-13T17:58:01.250Z")->time("x"), expected + 250ms);
  EXPECT_EQ(OneField("")->optional_time("x"), std::nullopt);
  for (const auto* text : {"", "yesterday", "2025-02-30T00:00:00Z", "2021-10-13"})
    expect_bad(text, [](const auto& field) { field->time("x"); });
}

TEST(Fields, Dates) {
  EXPECT_EQ(OneField("2024-02-29")->optional_date("x"), std::chrono::sys_days{2024y / 2 / 29});
  EXPECT_EQ(OneField("")->optional_date("x"), std::nullopt);
  for (const auto* text : {"2023-02-29", "20240229", "2024-02-29T00:00:00Z"})
    expect_bad(text, [](const auto& field) { field->optional_date("x"); });
}

TEST(Fields, Numbers) {
  EXPECT_EQ(OneField("9223372036854775807")->number("x"), 9223372036854775807);
  for (const auto* text : {"", "-1", "1.5", "five", " 1", "1 ", "9223372036854775808"})
    expect_bad(text, [](const auto& field) { field->number("x"); });
  for (const auto* text : {"0", "6"})
    expect_bad(text, [](const auto& field) { field->number("x", 1, 5); });
}

TEST(Fields, FloatsAndBools) {
  EXPECT_EQ(OneField("-0.25")->optional_float("x"), -0.25f);
  EXPECT_EQ(OneField("")->optional_float("x"), std::nullopt);
  for (const auto* text : {"x", "nan", "inf", "1,5"})
    expect_bad(text, [](const auto& field) { field->optional_float("x"); });
  EXPECT_EQ(OneField("true")->optional_bool("x"), true);
  EXPECT_EQ(OneField("False")->optional_bool("x"), false);
  EXPECT_EQ(OneField("")->optional_bool("x"), std::nullopt);
  expect_bad("yes", [](const auto& field) { field->optional_bool("x"); });
}

TEST(Fields, TextIsUtf8) {
  EXPECT_EQ(OneField("Schön 🐉")->text("x"), "Schön 🐉");
  EXPECT_EQ(OneField("")->text("x"), "");
  expect_bad("", [](const auto& field) { field->given_text("x"); });
  for (const auto* text : {"b\xE4"
                           "d",
                           "\xED\xA0\x80", "\xF0\x9F\x90"})
    expect_bad(text, [](const auto& field) { field->text("x"); });
}

TEST(Fields, Sets) {
  using Set = storage::TextSet;
  EXPECT_EQ(OneField("{'b', 'a', 'b'}")->text_set("x"), (Set{"a", "b"}));
  EXPECT_EQ(OneField("{'it''s open','a, comma', '}'}")->text_set("x"),
            (Set{"it's open", "a, comma", "}"}));
  EXPECT_EQ(OneField("{}")->text_set("x"), Set{});
  EXPECT_EQ(OneField("{ }")->text_set("x"), Set{});
  EXPECT_EQ(OneField("")->text_set("x"), Set{});
  for (const auto* text : {"{", "}", "{'one', ", "{'one',}", "{one}", "{'one' 'two'}", "['one']",
                           "{'one}", "{\"one\"}",
                           "{'b\xE4"
                           "d'}"})
    expect_bad(text, [](const auto& field) { field->text_set("x"); });
}

TEST(Fields, Vectors) {
  const auto vector = OneField("[0.25, -1, 3e-05]")->optional_vector<3>("x");
  ASSERT_TRUE(vector.has_value());
  EXPECT_EQ(vector->values, (std::vector<float>{0.25f, -1.0f, 3e-05f}));
  EXPECT_FALSE(OneField("")->optional_vector<3>("x").has_value());
  for (const auto* text : {"[]", "[1, 2]", "[1, 2, 3, 4]", "[1, 2, x]", "1, 2, 3", "[1, 2, 3"})
    expect_bad(text, [](const auto& field) { field->template optional_vector<3>("x"); });
}

TEST(Fields, LongBadValuesAreCutInMessages) {
  try {
    OneField(std::string(59, 'x') + "äöü" + std::string(1'000'000, 'y'))->time("x");
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_LT(std::string(error.what()).size(), 200u);
  }
}

}  // namespace
}  // namespace killrvideo::dataset
