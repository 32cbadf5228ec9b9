// Keys sort as Cassandra sorts: compared with a model of its comparators.
#include "storage/rocksdb/keys.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <compare>

#include "storage/generators.hpp"

namespace killrvideo::storage::rocksdb_engine {
namespace {

const std::vector<Type> key_types = {Type::uuid,      Type::timeuuid, Type::text,
                                     Type::blob,      Type::integer,  Type::bigint,
                                     Type::timestamp, Type::date,     Type::boolean};

// The model: Cassandra's comparators, as its documentation and sources define them.

using Bytes = std::basic_string_view<unsigned char>;

Bytes unsigned_bytes(std::string_view cell) {
  return {reinterpret_cast<const unsigned char*>(cell.data()), cell.size()};
}

std::uint64_t uuid_time(std::string_view cell) {
  auto high = get_big_endian<std::uint64_t>(cell.data());
  return (high & 0x0FFF) << 48 | (high >> 16 & 0xFFFF) << 32 | high >> 32;
}

int uuid_version(std::string_view cell) { return static_cast<unsigned char>(cell[6]) >> 4; }

std::strong_ordering compare_uuids(std::string_view a, std::string_view b) {
  if (auto order = uuid_version(a) <=> uuid_version(b); order != 0) return order;
  if (uuid_version(a) == 1)
    if (auto order = uuid_time(a) <=> uuid_time(b); order != 0) return order;
  return unsigned_bytes(a) <=> unsigned_bytes(b);
}

std::strong_ordering compare_timeuuids(std::string_view a, std::string_view b) {
  if (auto order = uuid_time(a) <=> uuid_time(b); order != 0) return order;
  for (std::size_t i = 8; i < 16; ++i) {
    auto order = static_cast<signed char>(a[i]) <=> static_cast<signed char>(b[i]);
    if (order != 0) return order;
  }
  return std::strong_ordering::equal;
}

std::strong_ordering compare_cells(Type type, std::string_view a, std::string_view b) {
  switch (type) {
    case Type::uuid:
      return compare_uuids(a, b);
    case Type::timeuuid:
      return compare_timeuuids(a, b);
    case Type::integer:
      return get_big_endian<std::int32_t>(a.data()) <=> get_big_endian<std::int32_t>(b.data());
    case Type::bigint:
    case Type::timestamp:
      return get_big_endian<std::int64_t>(a.data()) <=> get_big_endian<std::int64_t>(b.data());
    default:
      return unsigned_bytes(a) <=> unsigned_bytes(b);
  }
}

std::strong_ordering compare_keys(const TableInfo& table, const std::vector<std::string>& a,
                                  const std::vector<std::string>& b) {
  for (std::size_t i = 0; i < table.key_size; ++i) {
    auto order = compare_cells(table.columns[i].type, a[i], b[i]);
    if (order == 0) continue;
    return table.columns[i].part == KeyPart::clustering_descending ? 0 <=> order : order;
  }
  return std::strong_ordering::equal;
}

TableInfo table_of(std::vector<ColumnInfo> columns) {
  TableInfo table;
  table.name = "table";
  table.key_size = columns.size();
  for (const ColumnInfo& column : columns)
    if (column.part == KeyPart::partition) ++table.partition_size;
  table.columns = std::move(columns);
  return table;
}

rc::Gen<TableInfo> any_table() {
  return rc::gen::exec([] {
    std::vector<ColumnInfo> columns;
    int partition = *rc::gen::inRange(1, 3);
    int clustering = *rc::gen::inRange(0, 4);
    for (int i = 0; i < partition + clustering; ++i) {
      KeyPart part = i < partition ? KeyPart::partition
                                   : *rc::gen::element(KeyPart::clustering_ascending,
                                                       KeyPart::clustering_descending);
      Type type = *rc::gen::elementOf(key_types);
      columns.push_back({"column" + std::to_string(i), type, 0, part});
    }
    return table_of(columns);
  });
}

std::vector<std::string> any_key(const TableInfo& table) {
  std::vector<std::string> cells;
  for (const ColumnInfo& column : table.columns) cells.push_back(*key_cell(column.type));
  return cells;
}

/// The cell with another byte somewhere, still of its type.
std::string altered(Type type, std::string cell) {
  if (cell.empty() || type == Type::boolean) return cell;
  auto at = *rc::gen::inRange<std::size_t>(0, cell.size());
  if (type == Type::timeuuid && at == 6) at = 7;  // the version stays
  cell[at] = *interesting_byte();
  return cell;
}

/// A key that shares its first columns with another one and begins to differ by one byte or more.
std::vector<std::string> any_key_near(const TableInfo& table,
                                      const std::vector<std::string>& other) {
  std::vector<std::string> cells = any_key(table);
  auto shared = *rc::gen::inRange<std::size_t>(0, cells.size());
  std::copy_n(other.begin(), shared, cells.begin());
  if (*rc::gen::arbitrary<bool>())
    cells[shared] = altered(table.columns[shared].type, other[shared]);
  return cells;
}

Values values_of(const std::vector<std::string>& cells) {
  Values values;
  for (const std::string& cell : cells) values.append(cell);
  return values;
}

std::string key_of(const TableInfo& table, const std::vector<std::string>& cells) {
  return make_key(7, table, values_of(cells));
}

Values parse_exactly(const TableInfo& table, std::string_view key) {
  std::string bytes = "what was read before";
  std::vector<Cell> cells(table.columns.size());
  parse_key(table, ExactCopy(key).view(), bytes, cells);
  Values values;
  for (std::size_t i = 0; i < table.key_size; ++i) values.append(cells[i]);
  return values;
}

RC_GTEST_PROP(RocksKeys, sort_as_cassandra_sorts, ()) {
  const TableInfo table = *any_table();
  for (int i = 0; i < 20; ++i) {
    auto a = any_key(table);
    auto b = any_key_near(table, a);
    RC_ASSERT((unsigned_bytes(key_of(table, a)) <=> unsigned_bytes(key_of(table, b))) ==
              compare_keys(table, a, b));
  }
}

RC_GTEST_PROP(RocksKeys, are_read_as_they_were_made, ()) {
  const TableInfo table = *any_table();
  auto cells = any_key(table);
  std::string key = key_of(table, cells);
  RC_ASSERT(parse_exactly(table, key) == values_of(cells));

  Values partition;
  for (std::size_t i = 0; i < table.partition_size; ++i) partition.append(cells[i]);
  RC_ASSERT(key.substr(0, partition_length(table, key)) == make_key(7, table, partition));
}

RC_GTEST_PROP(RocksKeys, of_other_lengths_are_refused, ()) {
  const TableInfo table = *any_table();
  std::string key = key_of(table, any_key(table));
  for (std::size_t size = 0; size < key.size(); ++size)
    RC_ASSERT_THROWS_AS(parse_exactly(table, key.substr(0, size)), Error);
  RC_ASSERT_THROWS_AS(parse_exactly(table, key + *interesting_byte()), Error);
}

RC_GTEST_PROP(RocksKeys, made_of_any_bytes_are_a_key_or_an_error, ()) {
  const TableInfo table = *any_table();
  std::string random = *bytes();
  try {
    parse_exactly(table, random);
  } catch (const Error& error) {
    RC_ASSERT(error.code() == Code::internal);
  }
  try {
    partition_length(table, random);
  } catch (const Error& error) {
    RC_ASSERT(error.code() == Code::internal);
  }
}

RC_GTEST_PROP(RocksKeys, end_of_prefix_is_just_above_what_begins_with_it, ()) {
  std::string prefix = "\x01" + *bytes();
  std::string end = end_of_prefix(prefix);
  RC_ASSERT(unsigned_bytes(prefix + *bytes()) < unsigned_bytes(end));
  std::string below_end = prefix + std::string(20, '\xFF');
  RC_ASSERT(unsigned_bytes(below_end) < unsigned_bytes(end));
  // Nothing fits between the prefix's last extension and the end: the end without its last byte's
  // increment is a beginning of the prefix.
  --end.back();
  RC_ASSERT(prefix.starts_with(end));
}

TEST(RocksKeys, have_the_documented_format) {
  TableInfo table = table_of({{"a", Type::text, 0, KeyPart::partition},
                              {"b", Type::integer, 0, KeyPart::clustering_descending}});
  Values values;
  values.append(std::string_view("a\0", 2));
  values.append(std::string_view("\0\0\0\1", 4));
  EXPECT_EQ(make_key(258, table, values), std::string("\1\2"
                                                      "a\0\xFF\0\1"
                                                      "\x7F\xFF\xFF\xFE",
                                                      11));
}

TEST(RocksKeys, refuse_null_and_an_unescaped_zero) {
  TableInfo table = table_of({{"a", Type::text, 0, KeyPart::partition}});
  Values null;
  null.append(Cell{});
  EXPECT_THROW(make_key(1, table, null), Error);
  EXPECT_THROW(parse_exactly(table, std::string_view("\0\1a\0b\0\1", 7)), Error);
}

TEST(RocksKeys, are_not_made_of_every_type) {
  for (Type type : key_types) EXPECT_TRUE(can_be_key(type));
  for (Type type : {Type::real, Type::text_set, Type::vector, Type::counter})
    EXPECT_FALSE(can_be_key(type));
}

}  // namespace
}  // namespace killrvideo::storage::rocksdb_engine
