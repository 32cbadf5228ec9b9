// Raw rows and values in a form for people.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "storage/table.hpp"

namespace killrvideo::storage {

/// A row as one line of JSON, with the columns' names. Blobs are "0x…", times ISO 8601 in UTC.
std::string row_to_json(const TableInfo& table, std::span<const Cell> cells);

/// The value of a key column from text in the form that row_to_json writes. Throws invalid_argument
/// that names the column.
void append_parsed(const ColumnInfo& column, std::string_view text, Values& values);

/// Reads "2026-11-22T10:00:00.123Z": also with a space for the T; with a fraction of up to 9
/// digits, cut to milliseconds, or none; with z, "+02:00", "+0200", "+02" or nothing, which is UTC,
/// for the Z. Nothing if it is no such time.
std::optional<Timestamp> parse_timestamp(std::string_view text);

}  // namespace killrvideo::storage
