#include "storage/copy.hpp"

#include "common/checksum.hpp"
#include "storage/bulk.hpp"
#include "storage/counters.hpp"

namespace killrvideo::storage {
namespace {

constexpr std::size_t rows_at_a_time = 1'000;
constexpr std::uint64_t rows_between_checkpoints = 20'000;

// Cassandra stores an empty set as null, and a counter without additions counts as 0.
Cell stored_form(const ColumnInfo& column, Cell cell) {
  constexpr std::string_view zeros("\0\0\0\0\0\0\0\0", 8);
  if (column.type == Type::text_set && cell == zeros.substr(0, 4)) return Cell{};
  if (column.type == Type::counter && is_null(cell)) return zeros;
  return cell;
}

std::uint64_t hash_of(const TableInfo& table, std::span<const Cell> row) {
  Values values;
  for (std::size_t i = 0; i < row.size(); ++i) values.append(stored_form(table.columns[i], row[i]));
  return checksum(values.bytes(), "killr");
}

/// Writes raw rows of one engine into a table of another.
class RowWriter {
 public:
  RowWriter(Store& target, const TableInfo& table) : target_(target), table_(table), rows_(target) {
    for (std::size_t i = table.key_size; i < table.columns.size(); ++i)
      columns_.push_back(static_cast<ColumnIndex>(i));
  }

  /// The row is written later, by flush() at the latest.
  void write(std::span<const Cell> row) {
    const auto kind = table_.counters ? Mutation::Kind::add : Mutation::Kind::insert;
    Mutation mutation{kind, &table_, {}, columns_, {}};
    for (std::size_t i = 0; i < table_.key_size; ++i) mutation.key.append(row[i]);
    for (std::size_t i = table_.key_size; i < row.size(); ++i)
      mutation.values.append(table_.counters ? stored_form(table_.columns[i], row[i]) : row[i]);
    if (table_.counters) {
      totals_.push_back(std::move(mutation));
      if (totals_.size() >= rows_at_a_time) set_totals();
    } else {
      rows_.batch().add(std::move(mutation));
    }
  }

  void flush() {
    set_totals();
    rows_.flush();
  }

 private:
  // Adds to the target's counters the differences to the source.
  void set_totals() {
    std::vector<Values> keys;
    keys.reserve(totals_.size());
    for (const Mutation& total : totals_) keys.push_back(total.key);
    const KeyedRowSink subtract = [&](std::size_t i, std::span<const Cell> actual) {
      Values difference;
      totals_[i].values.each([&](std::size_t column, Cell wanted) {
        const auto is = counter(actual[table_.key_size + column]);
        append_value(difference, Counter{wrapping_subtract(counter(wanted), is)});
      });
      totals_[i].values = std::move(difference);
    };
    run(target_.engine().get(context_, table_, keys, subtract));
    Batch batch;
    for (Mutation& total : totals_) batch.add(std::move(total));
    totals_.clear();
    run(target_.write_non_atomic(context_, std::move(batch)));
  }

  static std::int64_t counter(Cell cell) {
    return is_null(cell) ? 0 : Cql<Counter>::decode(cell).value;
  }

  Store& target_;
  const TableInfo& table_;
  std::vector<ColumnIndex> columns_;
  BulkWriter rows_;
  std::vector<Mutation> totals_;
  const Context context_{};
};

}  // namespace

TableSum sum_up(Store& store, const TableInfo& table, std::uint64_t expected,
                const ProgressListener& progress) {
  TableSum sum;
  const RowSink add = [&](std::span<const Cell> row) {
    ++sum.rows;
    sum.checksum += hash_of(table, row);
  };
  std::string state;
  do {
    state = run(store.engine().scan({}, table, state, rows_at_a_time, add));
    progress(table.name, sum.rows, expected);
  } while (!state.empty());
  return sum;
}

std::vector<const TableInfo*> tables_to_copy(const Schema& schema) {
  std::vector<const TableInfo*> tables;
  for (const TableInfo* table : schema.tables)
    if (table->ttl.count() == 0) tables.push_back(table);
  return tables;
}

void copy_table(Store& source, Store& target, const TableInfo& table, CopyPosition position,
                std::uint64_t expected, const ProgressListener& progress,
                const std::function<void(const CopyPosition&)>& checkpoint) {
  RowWriter writer(target, table);
  std::uint64_t safe = position.rows;
  const RowSink write = [&](std::span<const Cell> row) {
    writer.write(row);
    ++position.rows;
  };
  for (bool more = true; more;) {
    position.state = run(source.engine().scan({}, table, position.state, rows_at_a_time, write));
    more = !position.state.empty();
    progress(table.name, position.rows, expected);
    if (more && position.rows - safe < rows_between_checkpoints) continue;
    writer.flush();
    safe = position.rows;
    if (more) checkpoint(position);
  }
}

}  // namespace killrvideo::storage
