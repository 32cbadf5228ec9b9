#include "storage/cassandra/engine.hpp"

#include <algorithm>

#include "common/concurrently.hpp"

namespace killrvideo::storage::cassandra {
namespace {

// How many reads of one call run at a time.
constexpr std::size_t reads_at_once = 32;

const CallOptions repeatable{.idempotent = true};

void append_limit(Values& values, std::size_t rows) {
  constexpr std::size_t most = std::numeric_limits<std::int32_t>::max();
  append_value(values, static_cast<std::int32_t>(std::min(rows, most)));
}

// One more than wanted, to know whether there are more.
std::size_t one_more(std::size_t rows) {
  return rows == std::numeric_limits<std::size_t>::max() ? rows : rows + 1;
}

// The `count` values of a state. A client may have altered it.
Values parse_state(std::string_view state, std::size_t count) try {
  Values values;
  for (std::size_t i = 0; i < count; ++i) values.append(take_value(state));
  if (!state.empty()) throw_corrupt("a state of another table");
  return values;
} catch (const Error&) {
  throw invalid("paging_state", "is not one that a listing has returned");
}

Values part(const Values& values, std::size_t first, std::size_t last) {
  Values result;
  values.each([&](std::size_t i, Cell cell) {
    if (i >= first && i < last) result.append(cell);
  });
  return result;
}

/// Passes on up to `size` rows, and remembers where the next slice starts.
class SliceReader {
 public:
  SliceReader(std::size_t size, const RowSink& sink) : size_(size), sink_(sink) {}

  void take(const Result& result, std::size_t first_column, std::size_t last_column) {
    result.each_row([&](std::span<const Cell> cells) {
      if (count_ == size_) more_ = true;
      if (more_) return;
      sink_(cells);
      if (++count_ < size_) return;
      for (std::size_t i = first_column; i < last_column; ++i) last_.append(cells[i]);
    });
  }

  bool complete() const { return more_; }
  std::size_t rows_left() const { return size_ - count_; }
  std::string state() const { return more_ ? last_.bytes() : std::string(); }

 private:
  const std::size_t size_;
  const RowSink& sink_;
  std::size_t count_ = 0;
  bool more_ = false;
  Values last_;
};

Error differs(const std::string& table, const ColumnSpec& is, const ColumnSpec& declared) {
  return Error(Code::failed_precondition, "table " + table + " of the cluster: its column " +
                                              is.name + " is " + is.type + " where " +
                                              declared.name + " " + declared.type + " is expected");
}

}  // namespace

CassandraEngine::CassandraEngine(std::unique_ptr<Session> session, const Schema& schema,
                                 const std::string& keyspace, Consistency serial)
    : session_(std::move(session)), serial_(serial) {
  for (const TableInfo* table : schema.tables)
    tables_.emplace(std::piecewise_construct, std::forward_as_tuple(table),
                    std::forward_as_tuple(*table, keyspace));
}

std::string CassandraEngine::problem() const {
  auto problem = session_->problem();
  return problem.empty() ? problem : "Cassandra: " + problem;
}

Task<void> CassandraEngine::check(const Context& context) {
  std::vector<TableStatements*> all;
  all.reserve(tables_.size());
  for (auto& [table, statements] : tables_) all.push_back(&statements);
  auto check_one = [&](std::size_t i) -> Task<void> {
    const TableInfo& table = all[i]->table();
    const Statement* statement = co_await all[i]->get.prepared(*session_, context);
    const auto columns = statement->columns();
    if (columns.size() != table.columns.size())
      throw Error(Code::internal, "a statement for another table than " + table.name);
    for (std::size_t column = 0; column < columns.size(); ++column) {
      const ColumnInfo& info = table.columns[column];
      ColumnSpec declared{info.name, cql_type(info)};
      if (columns[column] != declared) throw differs(table.name, columns[column], declared);
    }
  };
  co_await concurrently(all.size(), reads_at_once, check_one);
}

Task<Result> CassandraEngine::execute(const Context& context, const LazyStatement& statement,
                                      Values values, CallOptions options) {
  if (const Statement* prepared = statement.if_prepared())
    return session_->execute(context, *prepared, std::move(values), options);
  return prepare_and_execute(context, statement, std::move(values), options);
}

Task<Result> CassandraEngine::prepare_and_execute(const Context& context,
                                                  const LazyStatement& statement, Values values,
                                                  CallOptions options) {
  const Statement* prepared = co_await statement.prepared(*session_, context);
  Result result = co_await session_->execute(context, *prepared, std::move(values), options);
  co_return result;
}

Task<void> CassandraEngine::get(const Context& context, const TableInfo& table,
                                std::span<const Values> keys, const KeyedRowSink& sink) {
  const LazyStatement& statement = of(table).get;
  if (keys.size() == 1) {
    const Result result = co_await execute(context, statement, keys.front(), repeatable);
    result.each_row([&](std::span<const Cell> cells) { sink(0, cells); });
    co_return;
  }
  std::vector<Result> results(keys.size());
  auto read = [&](std::size_t i) -> Task<void> {
    results[i] = co_await execute(context, statement, keys[i], repeatable);
  };
  co_await concurrently(keys.size(), reads_at_once, read);
  for (std::size_t i = 0; i < keys.size(); ++i)
    results[i].each_row([&](std::span<const Cell> cells) { sink(i, cells); });
}

// Reads up to `rows` rows of each range of what follows a position in a partition.
Task<std::vector<Result>> CassandraEngine::read_ranges(const Context& context,
                                                       const TableInfo& table,
                                                       const Values& partition,
                                                       const Values& position, bool inclusive,
                                                       std::size_t rows) {
  const auto& ranges = of(table).ranges(position.count(), inclusive);
  auto begin = [&](const RangeStatement& range) {
    Values values = partition;
    values.append(part(position, 0, range.values));
    append_limit(values, rows);
    return execute(context, range.statement, std::move(values), repeatable);
  };
  std::vector<Result> results(ranges.size());
  if (ranges.size() == 1) {
    results.front() = co_await begin(ranges.front());
    co_return results;
  }
  auto read = [&](std::size_t i) -> Task<void> { results[i] = co_await begin(ranges[i]); };
  co_await concurrently(ranges.size(), ranges.size(), read);
  co_return results;
}

Task<std::string> CassandraEngine::slice(const Context& context, const TableInfo& table,
                                         const RawSliceQuery& query, const RowSink& sink) {
  const std::size_t first = table.partition_size, last = table.key_size;
  const bool begins = query.state.empty();
  const Values position = begins ? query.from : parse_state(query.state, last - first);
  auto results =
      co_await read_ranges(context, table, query.partition, position, begins, one_more(query.size));
  SliceReader reader(query.size, sink);
  for (const Result& result : results) reader.take(result, first, last);
  co_return reader.state();
}

Task<std::string> CassandraEngine::scan(const Context& context, const TableInfo& table,
                                        const std::string& state, std::size_t size,
                                        const RowSink& sink) {
  SliceReader reader(size, sink);
  Values values;
  if (!state.empty()) {
    // First the rest of the partition of the last row, then the partitions after it.
    const Values key = parse_state(state, table.key_size);
    values = part(key, 0, table.partition_size);
    if (table.key_size > table.partition_size) {
      Values position = part(key, table.partition_size, table.key_size);
      auto rest = co_await read_ranges(context, table, values, position, false, one_more(size));
      for (const Result& result : rest) reader.take(result, 0, table.key_size);
    }
  }
  if (reader.complete()) co_return reader.state();
  append_limit(values, one_more(reader.rows_left()));
  const LazyStatement& statement = state.empty() ? of(table).scan : of(table).scan_after;
  Result result = co_await execute(context, statement, std::move(values), repeatable);
  reader.take(result, 0, table.key_size);
  co_return reader.state();
}

}  // namespace killrvideo::storage::cassandra
