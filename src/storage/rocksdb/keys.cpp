#include "storage/rocksdb/keys.hpp"

#include <algorithm>

namespace killrvideo::storage::rocksdb_engine {
namespace {

constexpr char escape = '\x00';
constexpr char escaped_zero = '\xFF';
constexpr char terminator = '\x01';
constexpr std::size_t uuid_size = 16;
constexpr char version_1 = 1;

char flip_sign(char byte) { return static_cast<char>(byte ^ 0x80); }

// time_hi_and_version, time_mid, time_low -> time_low, time_mid, time_hi_and_version.
void put_time_last(char* uuid) {
  std::rotate(uuid, uuid + 4, uuid + 8);
  std::rotate(uuid + 4, uuid + 6, uuid + 8);
}

void append_column(Type type, Cell cell, std::string& key) {
  switch (type) {
    case Type::uuid: {
      const auto sorted = Uuid::from(cell).sort_key();
      key.append(reinterpret_cast<const char*>(sorted.data()), sorted.size());
      return;
    }
    case Type::timeuuid:
      key.append(cell.substr(6, 2)).append(cell.substr(4, 2)).append(cell.substr(0, 4));
      for (char byte : cell.substr(8)) key += flip_sign(byte);
      return;
    case Type::text:
    case Type::blob:
      for (char byte : cell) {
        key += byte;
        if (byte == escape) key += escaped_zero;
      }
      key += escape;
      key += terminator;
      return;
    case Type::integer:
    case Type::bigint:
    case Type::timestamp:
      key += flip_sign(cell[0]);
      key.append(cell.substr(1));
      return;
    case Type::date:
    case Type::boolean:
      key.append(cell);
      return;
    default:
      throw Error(Code::internal, "a column of this type cannot be part of a key");
  }
}

// Removes one column from the front of a key and undoes the inversion of descending columns.
class ColumnReader {
 public:
  ColumnReader(std::string_view& rest, bool inverted) : rest_(rest), inverted_(inverted) {}

  char take() {
    if (rest_.empty()) throw_corrupt("a key cut short");
    char byte = rest_.front();
    rest_.remove_prefix(1);
    return inverted_ ? static_cast<char>(~byte) : byte;
  }

  /// Appends the next bytes to `out`; returns where they begin.
  char* take(std::size_t count, std::string& out) {
    if (rest_.size() < count) throw_corrupt("a key cut short");
    out.append(rest_.substr(0, count));
    rest_.remove_prefix(count);
    char* begin = out.data() + out.size() - count;
    if (inverted_)
      std::transform(begin, begin + count, begin,
                     [](char byte) { return static_cast<char>(~byte); });
    return begin;
  }

  void take_text(std::string& out) {
    for (;;) {
      char byte = take();
      if (byte == escape) {
        char next = take();
        if (next == terminator) return;
        if (next != escaped_zero) throw_corrupt("a text in a key with a zero that is not escaped");
      }
      out += byte;
    }
  }

 private:
  std::string_view& rest_;
  bool inverted_;
};

// Appends the column's CQL bytes to `out`.
void read_column(Type type, ColumnReader reader, std::string& out) {
  switch (type) {
    case Type::uuid: {
      char version = reader.take();
      char* uuid = reader.take(uuid_size, out);
      if (version == version_1) put_time_last(uuid);
      return;
    }
    case Type::timeuuid: {
      char* uuid = reader.take(uuid_size, out);
      put_time_last(uuid);
      std::transform(uuid + 8, uuid + uuid_size, uuid + 8, flip_sign);
      return;
    }
    case Type::text:
    case Type::blob:
      reader.take_text(out);
      return;
    case Type::integer:
    case Type::bigint:
    case Type::timestamp: {
      char* number = reader.take(type == Type::integer ? 4 : 8, out);
      *number = flip_sign(*number);
      return;
    }
    case Type::date:
      reader.take(4, out);
      return;
    case Type::boolean:
      reader.take(1, out);
      return;
    default:
      throw_corrupt("a key column of a type that no key has");
  }
}

bool is_descending(const ColumnInfo& column) {
  return column.part == KeyPart::clustering_descending;
}

}  // namespace

bool can_be_key(Type type) {
  return type != Type::real && type != Type::text_set && type != Type::vector &&
         type != Type::counter;
}

void append_key(const TableInfo& table, std::size_t first, const Values& values, std::string& key) {
  values.each([&](std::size_t i, Cell cell) {
    const ColumnInfo& column = table.columns[first + i];
    if (is_null(cell)) throw Error(Code::internal, "null in key column " + column.name);
    std::size_t begin = key.size();
    append_column(column.type, cell, key);
    if (is_descending(column))
      std::transform(key.begin() + static_cast<std::ptrdiff_t>(begin), key.end(),
                     key.begin() + static_cast<std::ptrdiff_t>(begin),
                     [](char byte) { return static_cast<char>(~byte); });
  });
}

std::string make_key(TableNumber number, const TableInfo& table, const Values& values) {
  std::string key;
  key.reserve(values.bytes().size() + 16);
  put_big_endian(key, number);
  append_key(table, 0, values, key);
  return key;
}

void parse_key(const TableInfo& table, std::string_view key, std::string& bytes,
               std::span<Cell> cells) {
  if (key.size() < table_number_size) throw_corrupt("a key cut short");
  key.remove_prefix(table_number_size);
  bytes.clear();
  bytes.reserve(
      key.size());  // no column is longer than its encoding, so `bytes` is never reallocated
  for (std::size_t i = 0; i < table.key_size; ++i) {
    const ColumnInfo& column = table.columns[i];
    const std::size_t begin = bytes.size();
    read_column(column.type, ColumnReader(key, is_descending(column)), bytes);
    cells[i] = Cell(bytes.data() + begin, bytes.size() - begin);
  }
  if (!key.empty()) throw_corrupt("a key that is too long");
}

std::size_t partition_length(const TableInfo& table, std::string_view key) {
  std::string_view rest = key;
  if (rest.size() < table_number_size) throw_corrupt("a key cut short");
  rest.remove_prefix(table_number_size);
  std::string unused;
  for (std::size_t i = 0; i < table.partition_size; ++i)
    read_column(table.columns[i].type, ColumnReader(rest, false), unused);
  return key.size() - rest.size();
}

std::string end_of_prefix(std::string prefix) {
  while (!prefix.empty() && prefix.back() == '\xFF') prefix.pop_back();
  if (!prefix.empty()) ++prefix.back();
  return prefix;
}

}  // namespace killrvideo::storage::rocksdb_engine
