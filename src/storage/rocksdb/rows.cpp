#include "storage/rocksdb/rows.hpp"

#include <algorithm>

#include "common/clock.hpp"
#include "storage/counters.hpp"

namespace killrvideo::storage::rocksdb_engine {
namespace {

void append_cell(std::string& value, ColumnNumber number, Cell cell) {
  value += static_cast<char>(number);
  put_big_endian(value, is_null(cell) ? std::int32_t{-1} : static_cast<std::int32_t>(cell.size()));
  value.append(cell);
}

template <class Visit>
void each_cell(std::string_view value, Visit&& visit) {
  while (!value.empty()) {
    auto number = static_cast<ColumnNumber>(value.front());
    value.remove_prefix(1);
    visit(number, take_value(value));
  }
}

Timestamp expiry_of(Cell cell) { return Cql<Timestamp>::decode(cell); }

// Overlays the cells of `update` on those of `existing`, which keep their order: the expiry is
// first.
std::string overlay(std::string_view existing, std::string_view update) {
  std::vector<std::pair<ColumnNumber, Cell>> cells;
  each_cell(existing, [&](ColumnNumber number, Cell cell) { cells.emplace_back(number, cell); });
  each_cell(update, [&](ColumnNumber number, Cell cell) {
    auto at = std::ranges::find(cells, number, [](const auto& entry) { return entry.first; });
    at == cells.end() ? void(cells.emplace_back(number, cell)) : void(at->second = cell);
  });
  std::string merged;
  for (const auto& [number, cell] : cells) append_cell(merged, number, cell);
  return merged;
}

std::string add_up(std::string_view total, std::string_view difference) {
  std::vector<std::pair<ColumnNumber, std::int64_t>> sums;
  auto add = [&](ColumnNumber number, Cell cell) {
    std::int64_t value = Cql<Counter>::decode(cell).value;
    auto at = std::ranges::find(sums, number, [](const auto& entry) { return entry.first; });
    at == sums.end() ? void(sums.emplace_back(number, value))
                     : void(at->second = wrapping_add(at->second, value));
  };
  each_cell(total, add);
  each_cell(difference, add);
  std::string merged;
  for (const auto& [number, value] : sums) {
    std::string bytes;
    put_big_endian(bytes, value);
    append_cell(merged, number, bytes);
  }
  return merged;
}

// A merge operator from a function of the older and the newer value.
template <std::string (*Combine)(std::string_view, std::string_view)>
class Merger : public rocksdb::AssociativeMergeOperator {
 public:
  explicit Merger(const char* name) : name_(name) {}
  const char* Name() const override { return name_; }
  bool Merge(const rocksdb::Slice&, const rocksdb::Slice* older, const rocksdb::Slice& newer,
             std::string* merged, rocksdb::Logger*) const override try {
    *merged = Combine(older ? older->ToStringView() : std::string_view{}, newer.ToStringView());
    return true;
  } catch (const Error&) {
    return false;  // RocksDB reports the row as corrupt
  }

 private:
  const char* name_;
};

class ExpiryFilter : public rocksdb::CompactionFilter {
 public:
  const char* Name() const override { return "killrvideo.expiry"; }
  bool Filter(int, const rocksdb::Slice&, const rocksdb::Slice& value, std::string*,
              bool*) const override try {
    std::string_view rest = value.ToStringView();
    if (rest.empty() || static_cast<ColumnNumber>(rest.front()) != expiry_number) return false;
    rest.remove_prefix(1);
    return expiry_of(take_value(rest)) <= now();
  } catch (const Error&) {
    return false;  // a read of the row then reports that it is corrupt
  }
};

}  // namespace

std::string encode_row(const RowLayout& layout, const Mutation& mutation, Timestamp expiry) {
  std::string value;
  value.reserve(mutation.values.bytes().size() + mutation.columns.size() + 16);
  if (expiry != Timestamp{}) {
    std::string time;
    Cql<Timestamp>::encode(expiry, time);
    append_cell(value, expiry_number, time);
  }
  bool keep_nulls = mutation.kind == Mutation::Kind::update;
  mutation.values.each([&](std::size_t i, Cell cell) {
    if (is_null(cell) && !keep_nulls) return;
    append_cell(value, layout.number_of[mutation.columns[i]], cell);
  });
  return value;
}

bool decode_row(const RowLayout& layout, std::string_view value, std::span<Cell> cells,
                Timestamp now) {
  bool alive = true;
  each_cell(value, [&](ColumnNumber number, Cell cell) {
    if (number == expiry_number) {
      alive = expiry_of(cell) > now;
      return;
    }
    ColumnIndex column = layout.column_of[number];
    if (column != RowLayout::none) cells[column] = cell;
  });
  return alive;
}

std::shared_ptr<rocksdb::MergeOperator> make_row_merger() {
  return std::make_shared<Merger<overlay>>("killrvideo.rows");
}

std::shared_ptr<rocksdb::MergeOperator> make_counter_merger() {
  return std::make_shared<Merger<add_up>>("killrvideo.counters");
}

std::unique_ptr<rocksdb::CompactionFilter> make_expiry_filter() {
  return std::make_unique<ExpiryFilter>();
}

}  // namespace killrvideo::storage::rocksdb_engine
