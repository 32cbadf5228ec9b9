// Keys of the RocksDB engine: rows sort as Cassandra sorts them.
//
// Format of a key: the table's number (2 bytes, big-endian), then each column of the primary key:
//   uuid                     version (1 byte); time in sort order for version 1, else the first
//                            8 bytes; the last 8 bytes (Cassandra's UUIDType)
//   timeuuid                 time in sort order (8 bytes); the last 8 bytes, each with its highest
//                            bit flipped (Cassandra's TimeUUIDType compares them as signed)
//   text, blob               the bytes, 00 as 00 FF, ended by 00 01
//   int, bigint, timestamp   big-endian with the sign bit flipped
//   date, boolean            as in CQL
// All bytes of a descending column are inverted. No key is a prefix of another one.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "storage/table.hpp"

namespace killrvideo::storage::rocksdb_engine {

using TableNumber = std::uint16_t;

inline constexpr std::size_t table_number_size = sizeof(TableNumber);

/// True if a column of this type can be part of a primary key.
bool can_be_key(Type type);

/// Appends the encoding of `values`, the first columns of which is `first`.
void append_key(const TableInfo& table, std::size_t first, const Values& values, std::string& key);

/// The key that begins with the table's number and these first columns of the primary key.
std::string make_key(TableNumber number, const TableInfo& table, const Values& values);

/// Reads the columns of a primary key into the first of `cells`. They point into `bytes`, a buffer
/// that the caller reuses. Throws if the key is not one of the table.
void parse_key(const TableInfo& table, std::string_view key, std::string& bytes,
               std::span<Cell> cells);

/// The length of the part of a key that encodes its partition, table number included.
std::size_t partition_length(const TableInfo& table, std::string_view key);

/// The least byte string above every one that begins with `prefix`.
std::string end_of_prefix(std::string prefix);

}  // namespace killrvideo::storage::rocksdb_engine
