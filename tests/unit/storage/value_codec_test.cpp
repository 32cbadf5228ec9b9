// CQL's binary format: what is encoded is decoded again, what is damaged is refused.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "storage/generators.hpp"
#include "storage/position.hpp"
#include "storage/table.hpp"

namespace killrvideo::storage {
namespace {

template <class T>
std::string encoded_value(const T& value) {
  std::string bytes;
  Cql<T>::encode(value, bytes);
  return bytes;
}

template <class T>
void round_trip(const T& value) {
  std::string bytes = encoded_value(value);
  RC_ASSERT(Cql<T>::decode(ExactCopy(bytes).view()) == value);
}

/// Decodes every strict beginning of a value's bytes, and the bytes with more behind them.
template <class T>
void refuses_other_sizes(const T& value) {
  std::string bytes = encoded_value(value);
  for (std::size_t size = 0; size < bytes.size(); ++size)
    RC_ASSERT_THROWS_AS(Cql<T>::decode(ExactCopy(bytes.substr(0, size)).view()), Error);
  RC_ASSERT_THROWS_AS(Cql<T>::decode(ExactCopy(bytes + '\0').view()), Error);
}

/// Decodes random bytes: to a value or to an Error.
template <class T>
void survives(const std::string& bytes) {
  try {
    Cql<T>::decode(ExactCopy(bytes).view());
  } catch (const Error& error) {
    RC_ASSERT(error.code() == Code::internal);
  }
}

template <class T>
void sound(const T& value) {
  round_trip(value);
  refuses_other_sizes(value);
}

FloatVector<3> vector_of(const std::array<std::int32_t, 3>& bits) {
  FloatVector<3> vector;
  for (std::size_t i = 0; i < bits.size(); ++i) vector.values[i] = static_cast<float>(bits[i]);
  return vector;
}

RC_GTEST_PROP(ValueCodec, ids, ()) {
  sound(*uuid());
  sound(*timeuuid());
  sound(VideoId(*uuid()));
  sound(CommentId(*timeuuid()));
}

RC_GTEST_PROP(ValueCodec, numbers, ()) {
  sound(*integer<std::int32_t>());
  sound(*integer<std::int64_t>());
  sound(Counter{*integer<std::int64_t>()});
  sound(static_cast<float>(*integer<std::int64_t>()));
  sound(*rc::gen::arbitrary<bool>());
}

RC_GTEST_PROP(ValueCodec, times, ()) {
  sound(Timestamp{std::chrono::milliseconds{*integer<std::int64_t>()}});
  sound(Date{std::chrono::days{*integer<std::int32_t>()}});
}

RC_GTEST_PROP(ValueCodec, texts, ()) {
  round_trip(*bytes());
  round_trip(Blob{*bytes()});
}

RC_GTEST_PROP(ValueCodec, sets, ()) {
  sound(*rc::gen::scale(0.1, rc::gen::container<TextSet>(text())));
}

RC_GTEST_PROP(ValueCodec, vectors, ()) {
  sound(vector_of(*rc::gen::container<std::array<std::int32_t, 3>>(integer<std::int32_t>())));
}

RC_GTEST_PROP(ValueCodec, any_bytes_are_a_value_or_an_error, ()) {
  std::string random = *bytes();
  survives<Uuid>(random);
  survives<std::int32_t>(random);
  survives<std::int64_t>(random);
  survives<bool>(random);
  survives<Timestamp>(random);
  survives<Date>(random);
  survives<TextSet>(random);
  survives<FloatVector<2>>(random);
}

TEST(ValueCodec, writes_the_bytes_of_the_native_protocol) {
  using std::chrono::milliseconds, std::chrono::days;
  using namespace std::string_literals;
  EXPECT_EQ(encoded_value(std::int32_t{-2}), "\xFF\xFF\xFF\xFE");
  EXPECT_EQ(encoded_value(std::int64_t{258}), "\0\0\0\0\0\0\1\2"s);
  EXPECT_EQ(encoded_value(1.0f), "\x3F\x80\0\0"s);
  EXPECT_EQ(encoded_value(true), "\1");
  EXPECT_EQ(encoded_value(Timestamp{milliseconds{1}}), "\0\0\0\0\0\0\0\1"s);
  EXPECT_EQ(encoded_value(Date{days{0}}), "\x80\0\0\0"s);
  EXPECT_EQ(encoded_value(Date{days{-1}}), "\x7F\xFF\xFF\xFF");
  EXPECT_EQ(encoded_value(TextSet{"b", ""}),
            "\0\0\0\2"
            "\0\0\0\0"
            "\0\0\0\1b"s);
  EXPECT_EQ(encoded_value(FloatVector<2>{{1, -2}}),
            "\x3F\x80\0\0"
            "\xC0\0\0\0"s);
  EXPECT_EQ(encoded_value(*Uuid::parse("30313233-3435-3637-3839-414243444546")),
            "0123456789ABCDEF");
}

TEST(ValueCodec, refuses_a_vector_of_another_dimension) {
  std::string bytes;
  EXPECT_THROW(Cql<FloatVector<3>>::encode(FloatVector<3>{{1, 2}}, bytes), Error);
}

TEST(ValueCodec, a_set_that_says_it_is_huge_costs_nothing) {
  EXPECT_THROW(Cql<TextSet>::decode(std::string_view("\x7F\xFF\xFF\xFF", 4)), Error);
  EXPECT_THROW(Cql<TextSet>::decode(std::string_view("\xFF\xFF\xFF\xFF", 4)), Error);
}

TEST(Columns, a_null_reads_as_the_default_of_a_plain_member) {
  std::int32_t number = 7;
  read_value(Cell{}, number);
  EXPECT_EQ(number, 0);
  std::optional<std::string> text = "text";
  read_value(Cell{}, text);
  EXPECT_EQ(text, std::nullopt);
  read_value(Cell{""}, text);
  EXPECT_EQ(text, "");
}

std::vector<std::optional<std::string>> contents(const Values& values) {
  std::vector<std::optional<std::string>> read;
  values.each([&](std::size_t i, Cell cell) {
    EXPECT_EQ(i, read.size());
    read.push_back(is_null(cell) ? std::nullopt : std::optional<std::string>(cell));
  });
  return read;
}

RC_GTEST_PROP(Values, hold_what_was_appended, ()) {
  auto cells = *rc::gen::container<std::vector<rc::Maybe<std::string>>>(rc::gen::maybe(bytes()));
  Values values;
  std::vector<std::optional<std::string>> expected;
  for (const auto& cell : cells) {
    values.append(cell ? Cell(*cell) : Cell{});
    expected.push_back(cell ? std::optional(*cell) : std::nullopt);
  }
  RC_ASSERT(values.count() == cells.size());
  RC_ASSERT(contents(values) == expected);
}

RC_GTEST_PROP(Values, are_never_read_beyond_their_end, ()) {
  std::string random = *bytes();
  ExactCopy exact(random);
  std::string_view rest = exact.view();
  try {
    while (!rest.empty()) take_value(rest);
  } catch (const Error& error) {
    RC_ASSERT(error.code() == Code::internal);
  }
}

TEST(Values, refuse_what_is_cut_short) {
  for (std::string_view bytes :
       {std::string_view("", 0), std::string_view("\0\0\0", 3), std::string_view("\0\0\0\2x", 5)})
    EXPECT_THROW(take_value(bytes), Error);
  std::string_view null("\xFF\xFF\xFF\xFF", 4);
  EXPECT_TRUE(is_null(take_value(null)));
  EXPECT_TRUE(null.empty());
}

TEST(Position, is_read_as_it_was_written) {
  const std::optional<std::int64_t> nothing;
  const auto position = encode_position(std::string("20241101"), nothing, std::int64_t{7});
  const auto read =
      decode_position<std::string, std::optional<std::int64_t>, std::int64_t>(position);
  EXPECT_EQ(read, std::tuple(std::string("20241101"), nothing, std::int64_t{7}));
}

TEST(Position, of_another_listing_is_refused) {
  const auto position = encode_position(std::string("20241101"));
  EXPECT_THROW((decode_position<std::string, std::string>(position)), Error);
  EXPECT_THROW(decode_position<std::int32_t>(position), Error);
}

}  // namespace
}  // namespace killrvideo::storage
