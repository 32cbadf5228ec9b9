#include "dataset/fields.hpp"

#include <gtest/gtest.h>

namespace killrvideo::dataset {
namespace {

using namespace std::chrono_literals;

/// A record with the one column `x`.
class OneField {
 public:
  explicit OneField(std::string text)
      : columns_({"x"}),
        record_{.line = 2, .fields = {std::move(text)}, .malformed = {}},
        fields_(columns_, record_) {}

  const Fields* operator->() const { return &fields_; }

 private:
  Columns columns_;
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
  const Columns columns({"b", "a", "c"});
  const CsvRecord record{.line = 2, .fields = {"1", "2", "3"}, .malformed = {}};
  const Fields fields(columns, record);
  EXPECT_EQ(fields.text("a"), "2");
  EXPECT_EQ(fields.number("b"), 1);
  EXPECT_EQ(fields.optional_text("d"), std::nullopt);
}

TEST(Fields, HaveToBeAsManyAsColumns) {
  const Columns columns({"a", "b"});
  const CsvRecord few{.line = 2, .fields = {"1"}, .malformed = {}};
  const CsvRecord many{.line = 2, .fields = {"1", "2", "3"}, .malformed = {}};
  EXPECT_THROW(Fields(columns, few), Error);
  EXPECT_THROW(Fields(columns, many), Error);
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
  EXPECT_EQ(OneField("0001-01-01T00:00:00Z")->time("x"),
            Timestamp(std::chrono::sys_days{1y / 1 / 1}));
  EXPECT_EQ(OneField("0000-12-31T23:30:00-01:00")->time("x"),
            Timestamp(std::chrono::sys_days{1y / 1 / 1}) + 30min);
  EXPECT_EQ(OneField("9999-12-31T23:59:59.999Z")->time("x"),
            Timestamp(std::chrono::sys_days{10'000y / 1 / 1}) - 1ms);
  for (const auto* text :
       {"", "yesterday", "2025-02-30T00:00:00Z", "2021-10-13", "0000-12-31T23:59:59.999Z",
        "0001-01-01T00:00:00+00:01", "10000-01-01T00:00:00Z", "9999-12-31T23:59:59-00:01"})
    expect_bad(text, [](const auto& field) { field->time("x"); });
}

TEST(Fields, Days) {
  for (const auto* text : {"2024-02-29", "20240229"})
    EXPECT_EQ(OneField(text)->optional_day("x"), std::chrono::sys_days{2024y / 2 / 29});
  EXPECT_EQ(OneField("")->optional_day("x"), std::nullopt);
  for (const auto* text : {"2023-02-29", "20230229", "2024-2-9", "2024-02-29T00:00:00Z"})
    expect_bad(text, [](const auto& field) { field->optional_day("x"); });
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
  for (const auto* text : {"true", "True", "TRUE", "1"})
    EXPECT_EQ(OneField(text)->optional_bool("x"), true);
  for (const auto* text : {"false", "False", "fAlSe", "0"})
    EXPECT_EQ(OneField(text)->optional_bool("x"), false);
  EXPECT_EQ(OneField("")->optional_bool("x"), std::nullopt);
  for (const auto* text : {"yes", "2", "01", "t"})
    expect_bad(text, [](const auto& field) { field->optional_bool("x"); });
}

TEST(Fields, TextIsTrimmedUtf8) {
  EXPECT_EQ(OneField("Schön 🐉")->text("x"), "Schön 🐉");
  EXPECT_EQ(OneField("\t a b\u00a0")->text("x"), "a b");
  EXPECT_EQ(OneField("\t a b ")->verbatim("x"), "\t a b ");
  EXPECT_EQ(OneField("")->text("x"), "");
  EXPECT_EQ(OneField(" ")->optional_text("x"), std::nullopt);
  for (const auto* text : {"b\xE4"
                           "d",
                           "\xED\xA0\x80", "\xF0\x9F\x90"}) {
    expect_bad(text, [](const auto& field) { field->text("x"); });
    expect_bad(text, [](const auto& field) { field->texts("x"); });
    expect_bad(text, [](const auto& field) { field->optional_bool("x"); });
  }
}

TEST(Fields, Sets) {
  EXPECT_EQ(OneField("{'b', 'a', 'b'}")->texts("x"), (std::vector<std::string>{"b", "a", "b"}));
  EXPECT_EQ(OneField("")->texts("x"), std::vector<std::string>{});
  for (const auto* text : {"{", "one"})
    expect_bad(text, [](const auto& field) { field->texts("x"); });
}

TEST(Fields, VectorsHaveAllTheirNumbers) {
  const auto vector = OneField("[0.25, -1, 3e-05]")->optional_vector<3>("x");
  ASSERT_TRUE(vector.has_value());
  EXPECT_EQ(vector->values, (std::vector<float>{0.25f, -1.0f, 3e-05f}));
  EXPECT_FALSE(OneField("")->optional_vector<3>("x").has_value());
  for (const auto* text : {"[]", "[1, 2]", "[1, 2, 3, 4]", "[1, 2, x]"})
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
