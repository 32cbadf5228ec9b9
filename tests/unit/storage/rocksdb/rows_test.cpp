// Values of rows: how they are encoded, merged and read, damaged ones too.
#include "storage/rocksdb/rows.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>

#include "storage/generators.hpp"

namespace killrvideo::storage::rocksdb_engine {
namespace {

constexpr std::size_t column_count = 5;
constexpr ColumnIndex all_columns[] = {0, 1, 2, 3, 4};
constexpr Timestamp never{};

using Row = std::array<std::optional<std::string>, column_count>;

/// Numbers the columns backwards, so that index and number are not mistaken for each other.
RowLayout backwards() {
  RowLayout layout;
  for (std::size_t i = 0; i < column_count; ++i) {
    layout.number_of.push_back(static_cast<ColumnNumber>(column_count - i));
    layout.column_of[column_count - i] = static_cast<ColumnIndex>(i);
  }
  return layout;
}

Timestamp at(std::int64_t time) { return Timestamp{std::chrono::milliseconds{time}}; }

Values values_of(std::span<const std::optional<std::string>> cells) {
  Values values;
  for (const auto& cell : cells) values.append(cell ? Cell(*cell) : Cell{});
  return values;
}

std::string inserted(const Row& row, Timestamp expiry = never) {
  return encode_row(backwards(), {Mutation::Kind::insert, nullptr, {}, all_columns, values_of(row)},
                    expiry);
}

/// The value of an update of one column.
std::string updated(ColumnIndex column, const std::optional<std::string>& cell) {
  return encode_row(
      backwards(),
      {Mutation::Kind::update, nullptr, {}, {&all_columns[column], 1}, values_of({&cell, 1})},
      never);
}

/// What a value holds at a time; nothing if it has expired.
std::optional<Row> read(std::string_view value, Timestamp time = at(1000)) {
  ExactCopy exact(value);
  std::array<Cell, column_count> cells{};
  if (!decode_row(backwards(), exact.view(), cells, time)) return std::nullopt;
  Row row;
  for (std::size_t i = 0; i < column_count; ++i)
    if (!is_null(cells[i])) row[i] = std::string(cells[i]);
  return row;
}

/// Merges as RocksDB does; nothing if the operator refuses.
std::optional<std::string> merged(const rocksdb::MergeOperator& merger,
                                  const std::optional<std::string>& older,
                                  const std::string& newer) {
  const auto& associative = dynamic_cast<const rocksdb::AssociativeMergeOperator&>(merger);
  rocksdb::Slice slice = older ? rocksdb::Slice(*older) : rocksdb::Slice();
  std::string result;
  if (!associative.Merge("key", older ? &slice : nullptr, newer, &result, nullptr))
    return std::nullopt;
  return result;
}

Row any_row() {
  Row row;
  for (auto& cell : row)
    if (auto made = *rc::gen::maybe(bytes())) cell = *made;
  return row;
}

RC_GTEST_PROP(RocksRows, read_as_they_were_inserted, ()) {
  Row row = any_row();
  RC_ASSERT(read(inserted(row)) == row);
}

RC_GTEST_PROP(RocksRows, expire_when_the_time_has_come, ()) {
  Row row = any_row();
  std::string value = inserted(row, at(1000));
  RC_ASSERT(read(value, at(999)) == row);
  RC_ASSERT(read(value, at(1000)) == std::nullopt);
}

RC_GTEST_PROP(RocksRows, updates_merge_in_any_grouping, ()) {
  auto merger = make_row_merger();
  std::optional<Row> base;
  if (*rc::gen::arbitrary<bool>()) base = any_row();
  Row expected = base.value_or(Row{});
  std::vector<std::string> updates;
  auto count = *rc::gen::inRange(1, 6);
  for (int i = 0; i < count; ++i) {
    auto column = *rc::gen::inRange<ColumnIndex>(0, column_count);
    auto made = *rc::gen::maybe(bytes());
    expected[column] = made ? std::optional(*made) : std::nullopt;
    updates.push_back(updated(column, expected[column]));
  }
  // Neighbours are merged in random order until one update is left, as compactions may do.
  while (updates.size() > 1) {
    auto i = *rc::gen::inRange<std::size_t>(0, updates.size() - 1);
    updates[i] = *merged(*merger, updates[i], updates[i + 1]);
    updates.erase(updates.begin() + static_cast<std::ptrdiff_t>(i) + 1);
  }
  auto existing = base ? std::optional(inserted(*base)) : std::nullopt;
  RC_ASSERT(read(*merged(*merger, existing, updates.front())) == expected);
}

std::string counted(std::int64_t a, std::int64_t b) {
  std::string cells[2];
  put_big_endian(cells[0], a);
  put_big_endian(cells[1], b);
  Values values;
  for (const std::string& cell : cells) values.append(cell);
  return encode_row(backwards(), {Mutation::Kind::add, nullptr, {}, {all_columns, 2}, values},
                    never);
}

RC_GTEST_PROP(RocksRows, counters_add_up_and_wrap_around, ()) {
  auto merger = make_counter_merger();
  std::optional<std::string> total;
  std::uint64_t a = 0, b = 0;
  auto count = *rc::gen::inRange(1, 6);
  for (int i = 0; i < count; ++i) {
    auto more_a = *integer<std::int64_t>(), more_b = *integer<std::int64_t>();
    a += static_cast<std::uint64_t>(more_a);
    b += static_cast<std::uint64_t>(more_b);
    total = merged(*merger, total, counted(more_a, more_b));
  }
  Row row = *read(*total);
  RC_ASSERT(get_big_endian<std::uint64_t>(row[0]->data()) == a);
  RC_ASSERT(get_big_endian<std::uint64_t>(row[1]->data()) == b);
}

RC_GTEST_PROP(RocksRows, cut_short_are_refused_or_lack_their_last_columns, ()) {
  Row row = any_row();
  std::string value = inserted(row, at(2000));
  for (std::size_t size = 0; size < value.size(); ++size) {
    try {
      auto rest = read(value.substr(0, size));
      RC_ASSERT(rest);
      for (std::size_t i = 0; i < column_count; ++i) RC_ASSERT(!(*rest)[i] || (*rest)[i] == row[i]);
    } catch (const Error& error) {
      RC_ASSERT(error.code() == Code::internal);
    }
  }
}

RC_GTEST_PROP(RocksRows, of_any_bytes_are_read_merged_and_filtered_without_harm, ()) {
  std::string random = *bytes();
  try {
    read(random);
  } catch (const Error& error) {
    RC_ASSERT(error.code() == Code::internal);
  }
  for (const auto& merger : {make_row_merger(), make_counter_merger()}) {
    merged(*merger, random, counted(1, 2));
    merged(*merger, counted(1, 2), random);
  }
  std::string ignored;
  bool changed = false;
  std::string expiring = static_cast<char>(expiry_number) + random;
  for (const std::string& value : {random, expiring})
    make_expiry_filter()->Filter(0, "key", value, &ignored, &changed);
  RC_ASSERT(!changed);
}

TEST(RocksRows, the_filter_drops_what_has_expired_and_nothing_else) {
  auto drops = [](const std::string& value) {
    std::string ignored;
    bool changed = false;
    return make_expiry_filter()->Filter(0, "key", value, &ignored, &changed);
  };
  Row row{"a", std::nullopt, "b", "", std::nullopt};
  EXPECT_FALSE(drops(""));
  EXPECT_FALSE(drops(inserted(row)));
  EXPECT_TRUE(drops(inserted(row, at(1))));
  EXPECT_FALSE(drops(inserted(row, at(4'000'000'000'000))));
}

TEST(RocksRows, unknown_columns_are_skipped) {
  std::string value = inserted({"a", "b", "c", "d", "e"});
  RowLayout older;  // knows the column numbered 5, which is the first one, and no other
  older.number_of = {5};
  older.column_of[5] = 0;
  std::array<Cell, 1> cells{};
  EXPECT_TRUE(decode_row(older, value, cells, at(0)));
  EXPECT_EQ(cells[0], "a");
}

TEST(RocksRows, unknown_columns_survive_an_update) {
  auto merger = make_row_merger();
  std::string foreign("\x09\0\0\0\1x", 6);  // column 9, which the layout does not know
  std::string value = *merged(*merger, foreign, updated(0, "a"));
  EXPECT_TRUE(value.starts_with(foreign));
  EXPECT_EQ(read(value), (Row{"a", {}, {}, {}, {}}));
}

TEST(RocksRows, the_expiry_survives_an_update) {
  auto merger = make_row_merger();
  Row row{"a", {}, {}, {}, {}};
  std::string value = *merged(*merger, inserted(row, at(1000)), updated(1, "b"));
  EXPECT_EQ(read(value, at(999)), (Row{"a", "b", {}, {}, {}}));
  EXPECT_EQ(read(value, at(1000)), std::nullopt);
}

TEST(RocksRows, have_the_documented_format) {
  EXPECT_EQ(inserted({"ab", std::nullopt, std::nullopt, std::nullopt, ""}, at(1)),
            std::string("\xFF\0\0\0\x08\0\0\0\0\0\0\0\1"
                        "\x05\0\0\0\x02"
                        "ab"
                        "\x01\0\0\0\0",
                        25));
  EXPECT_EQ(updated(0, std::nullopt), "\x05\xFF\xFF\xFF\xFF");
}

}  // namespace
}  // namespace killrvideo::storage::rocksdb_engine
