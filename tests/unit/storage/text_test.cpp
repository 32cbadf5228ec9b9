// Rows and values as people read and type them.
#include "storage/text.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <limits>

#include "storage/sample_tables.hpp"

namespace killrvideo::storage {
namespace {

using namespace samples;
using std::chrono::milliseconds;

template <AnyTable T>
std::string json_of(const T& table, const typename T::Row& row) {
  Values key = T::key_of(row);
  Values values = T::values_of(row);
  std::vector<Cell> cells;
  key.each([&](std::size_t, Cell cell) { cells.push_back(cell); });
  values.each([&](std::size_t, Cell cell) { cells.push_back(cell); });
  return row_to_json(table, cells);
}

TEST(RowText, is_json_with_the_columns_names) {
  Person ada{*Uuid::parse("0f6644ab-b9cd-41f0-9a37-62bc60f3bc08"),
             "Ada \"Countess\"\n",
             {},
             36,
             {"b", "a"}};
  EXPECT_EQ(json_of(people, ada),
            R"({"id":"0f6644ab-b9cd-41f0-9a37-62bc60f3bc08","name":"Ada \"Countess\"\n",)"
            R"("nickname":null,"age":36,"tags":["a","b"]})");
}

TEST(RowText, has_all_types) {
  Anything row;
  row.a_text = "ä";
  row.a_blob = Blob{std::string("\0\xFF", 2)};
  row.a_bigint = -1;
  row.a_float = 0.5f;
  row.a_timestamp = Timestamp{milliseconds{1'795'352'400'120}};
  row.a_date = Date{std::chrono::days{-1}};
  row.a_boolean = true;
  row.a_vector = FloatVector<3>{{1, -0.25f, std::numeric_limits<float>::infinity()}};
  EXPECT_EQ(json_of(anything, row),
            R"({"id":"00000000-0000-0000-0000-000000000000","a_uuid":null,"a_timeuuid":null,)"
            R"("a_video_id":null,"a_comment_id":null,"a_text":"ä","a_blob":"0x00ff","an_int":null,)"
            R"("a_bigint":-1,"a_float":0.5,"a_timestamp":"2026-11-22T13:00:00.120Z",)"
            R"("a_date":"1969-12-31","a_boolean":true,"a_set":null,"a_vector":[1,-0.25,"inf"]})");
  EXPECT_EQ(json_of(tallies, {{}, {7}, {-7}}),
            R"({"id":"00000000-0000-0000-0000-000000000000","hits":7,"misses":-7})");
}

TEST(RowText, is_written_for_extreme_values_too) {
  Anything row;
  row.a_timestamp = Timestamp{milliseconds{std::numeric_limits<std::int64_t>::max()}};
  row.a_date = Date{std::chrono::days{std::numeric_limits<std::int32_t>::min()}};
  row.a_float = std::numeric_limits<float>::quiet_NaN();
  row.a_bigint = std::numeric_limits<std::int64_t>::min();
  EXPECT_FALSE(json_of(anything, row).empty());
}

std::optional<std::string> parsed(Type type, std::string_view text) {
  Values values;
  try {
    append_parsed({"column", type}, text, values);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Code::invalid_argument);
    EXPECT_EQ(error.field(), "column");
    return std::nullopt;
  }
  EXPECT_EQ(values.count(), 1u);
  std::string cell;
  values.each([&](std::size_t, Cell each) {
    EXPECT_FALSE(is_null(each));
    cell = each;
  });
  return cell;
}

template <class T>
std::string encoded(const T& value) {
  std::string bytes;
  Cql<T>::encode(value, bytes);
  return bytes;
}

TEST(KeyText, is_read_for_each_type) {
  const auto* random = "0f6644ab-b9cd-41f0-9a37-62bc60f3bc08";
  const auto* timed = "f81d4fae-7dec-11d0-a765-00a0c91e6bf6";
  EXPECT_EQ(parsed(Type::uuid, random), encoded(*Uuid::parse(random)));
  EXPECT_EQ(parsed(Type::timeuuid, timed), encoded(*Uuid::parse(timed)));
  EXPECT_EQ(parsed(Type::text, "ä b"), "ä b");
  EXPECT_EQ(parsed(Type::text, std::string_view{}), "");
  EXPECT_EQ(parsed(Type::integer, "-12"), encoded(std::int32_t{-12}));
  EXPECT_EQ(parsed(Type::bigint, "9000000000"), encoded(std::int64_t{9'000'000'000}));
  EXPECT_EQ(parsed(Type::timestamp, "1970-01-01T00:00:01.002Z"),
            encoded(Timestamp{milliseconds{1002}}));
}

TEST(KeyText, is_refused_if_it_is_no_value_of_the_type) {
  EXPECT_EQ(parsed(Type::uuid, "0f6644ab"), std::nullopt);
  EXPECT_EQ(parsed(Type::timeuuid, "0f6644ab-b9cd-41f0-9a37-62bc60f3bc08"), std::nullopt);
  for (const auto* text : {"", " 1", "1 ", "1.0", "x", "2147483648", "+1"})
    EXPECT_EQ(parsed(Type::integer, text), std::nullopt) << text;
  EXPECT_EQ(parsed(Type::bigint, "9223372036854775808"), std::nullopt);
  EXPECT_EQ(parsed(Type::timestamp, "yesterday"), std::nullopt);
  EXPECT_EQ(parsed(Type::text_set, "a"), std::nullopt);
}

struct TimeForm {
  std::string_view text;
  std::int64_t milliseconds;  // of 2026-11-22T13:00:00Z and these
};

class TimestampForms : public testing::TestWithParam<TimeForm> {};

TEST_P(TimestampForms, are_read) {
  const Timestamp one{milliseconds{1'795'352'400'000}};
  EXPECT_EQ(parse_timestamp(GetParam().text), one + milliseconds{GetParam().milliseconds});
}

constexpr std::int64_t hour = 3'600'000;

INSTANTIATE_TEST_SUITE_P(
    TimestampText, TimestampForms,
    testing::Values(
        TimeForm{"2026-11-22T13:00:00Z", 0}, TimeForm{"2026-11-22T13:00:00z", 0},
        TimeForm{"2026-11-22T13:00:00", 0}, TimeForm{"2026-11-22 13:00:00", 0},
        TimeForm{"2026-11-22 13:00:00.123Z", 123}, TimeForm{"2026-11-22T13:00:00.1Z", 100},
        TimeForm{"2026-11-22T13:00:00.67Z", 670}, TimeForm{"2026-11-22T13:00:00.007", 7},
        TimeForm{"2026-11-22 13:00:00.123000+0000", 123},
        TimeForm{"2026-11-22T13:00:00.123999999Z", 123},
        TimeForm{"2026-11-22T13:00:00.123+00:00", 123}, TimeForm{"2026-11-22T15:00:00+02:00", 0},
        TimeForm{"2026-11-22T15:00:00+0200", 0}, TimeForm{"2026-11-22 15:00:00.5+02", 500},
        TimeForm{"2026-11-22T07:30:00-05:30", 0}, TimeForm{"2026-11-23T12:59:00+23:59", 0},
        TimeForm{"2026-11-22T13:00:00-00:00", 0}, TimeForm{"2026-11-22T13:00:00-01", hour}));

class NoTimestamps : public testing::TestWithParam<std::string_view> {};

TEST_P(NoTimestamps, are_refused) { EXPECT_EQ(parse_timestamp(GetParam()), std::nullopt); }

INSTANTIATE_TEST_SUITE_P(
    TimestampText, NoTimestamps,
    testing::Values("", "Z", "2026-11-22", "2026-11-22T13:00", "2026-11-22T13:00Z",
                    "2026-11-22T13:00:00.Z", "2026-11-22T13:00:00.", "2026-11-22T13:00:00,5Z",
                    "2026-11-22T13:00:00.1234567890Z", "2026-11-22T24:00:00Z",
                    "2026-11-22T13:60:00Z", "2026-11-22T13:00:60Z", "2026-02-29T00:00:00Z",
                    "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z", "2026-11-00T00:00:00Z",
                    "2026/11/22T13:00:00Z", "2026-11-22x13:00:00Z", "2026-11-22t13:00:00Z",
                    "2026-11-22T13:00:00.123Zx", "2026-11-22T13:00:00 Z", "2026-11-22T13:00:00+1",
                    "2026-11-22T13:00:00+010", "2026-11-22T13:00:00+01:0",
                    "2026-11-22T13:00:00+01:", "2026-11-22T13:00:00+01:000",
                    "2026-11-22T13:00:00+24:00", "2026-11-22T13:00:00+01:60",
                    "2026-11-22T13:00:00+-1:00", "2026-11-22T13:00:00+", "x026-11-22T13:00:00Z",
                    "-026-11-22T13:00:00Z", "12026-11-22T13:00:00Z", "2026-11-22T1:00:00Z",
                    " 2026-11-22T13:00:00Z"));

RC_GTEST_PROP(TimestampText, is_read_as_it_is_written, ()) {
  // The years 0 to 9999.
  auto time = *rc::gen::inRange<std::int64_t>(-62'167'219'200'000, 253'402'300'800'000);
  Anything row;
  row.a_timestamp = Timestamp{milliseconds{time}};
  std::string json = json_of(anything, row);
  std::string_view name = "\"a_timestamp\":\"";
  auto begin = json.find(name) + name.size();
  RC_ASSERT(parse_timestamp(json.substr(begin, json.find('"', begin) - begin)) == row.a_timestamp);
}

RC_GTEST_PROP(TimestampText, of_any_kind_is_read_without_harm, (const std::string& text)) {
  parse_timestamp(text);
}

}  // namespace
}  // namespace killrvideo::storage
