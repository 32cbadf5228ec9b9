// The engine's conditional writes.
//
// A lightweight transaction that times out may or may not have been applied. A read with serial
// consistency completes or rules out the transactions that the replicas know of, so its result
// decides: if the row is as we wrote it, the condition held; if the condition still holds, nothing
// was written, and we try again. A node that hung may still start an earlier attempt. So once an
// attempt has an unknown outcome, the refusal of a later one proves nothing: the earlier one may
// have caused it. If the row then has other values, they may have replaced ours, and the outcome of
// a change stays unknown. An insertion has lost in any case: the row of another writer exists.
#include "storage/cassandra/engine.hpp"

namespace killrvideo::storage::cassandra {
namespace {

constexpr int most_attempts = 10;

// Empty sets are null in Cassandra.
bool is_nothing(Type type, Cell cell) {
  return is_null(cell) || (type == Type::text_set && cell == std::string_view("\0\0\0\0", 4));
}

bool equal(const ColumnInfo& column, Cell a, Cell b) {
  if (is_nothing(column.type, a) || is_nothing(column.type, b))
    return is_nothing(column.type, a) == is_nothing(column.type, b);
  return a == b;
}

bool holds(std::span<const Cell> row, const Condition& condition, const TableInfo& table) {
  bool result = false;
  condition.expected.each([&](std::size_t, Cell expected) {
    result = equal(table.columns[*condition.column], row[*condition.column], expected);
  });
  return result;
}

// Whether the row equals the one that the mutation, which writes all columns, makes.
bool is_written(std::span<const Cell> row, const Mutation& mutation) {
  bool same = true;
  mutation.values.each([&](std::size_t i, Cell value) {
    const ColumnIndex column = mutation.columns[i];
    same = same && equal(mutation.table->columns[column], row[column], value);
  });
  return same;
}

// A column outside the key that is not null.
std::optional<ColumnIndex> find_witness(std::span<const Cell> row, const TableInfo& table) {
  for (std::size_t i = table.key_size; i < row.size(); ++i)
    if (!is_null(row[i])) return static_cast<ColumnIndex>(i);
  return std::nullopt;
}

bool expects_null(const Condition& condition) {
  bool null = false;
  condition.expected.each([&](std::size_t, Cell cell) { null = is_null(cell); });
  return null;
}

Error too_many(const TableInfo& table) {
  return Error(Code::aborted,
               "a row of " + table.name + " is being written by many at once; try again");
}

}  // namespace

Task<CassandraEngine::Attempt> CassandraEngine::attempt(const Context& context,
                                                        const LazyStatement& statement,
                                                        Values values) {
  Attempt attempt{Tried::unknown};
  try {
    Result result = co_await execute(context, statement, std::move(values), {});
    attempt.tried = result.applied() ? Tried::done : Tried::refused;
  } catch (const SessionError& error) {
    if (!may_be_decided(error)) throw;
    attempt.error = std::current_exception();
  }
  clock_.condition_decided();
  co_return attempt;
}

// Reads a row after all earlier conditional writes.
Task<Result> CassandraEngine::read_decided(const Context& context, const TableInfo& table,
                                           const Values& key) {
  CallOptions options{.consistency = serial_, .idempotent = true};
  Result result = co_await execute(context, of(table).get, key, options);
  clock_.condition_decided();
  co_return result;
}

Task<bool> CassandraEngine::commit_if(const Context& context, Mutation mutation,
                                      Condition condition, const RowSink& existing) {
  context.check_deadline();
  bool done = condition.column ? co_await change_if_equal(context, mutation, condition)
                               : co_await insert_if_absent(context, mutation, existing);
  co_return done;
}

Task<bool> CassandraEngine::insert_if_absent(const Context& context, const Mutation& mutation,
                                             const RowSink& existing) {
  const TableInfo& table = *mutation.table;
  bool in_doubt = false;
  for (int i = 0; i < most_attempts; ++i) {
    Values values = mutation.key;
    values.append(mutation.values);
    Attempt tried = co_await attempt(context, of(table).insert_if_absent, std::move(values));
    if (tried.tried == Tried::done) co_return true;
    in_doubt = in_doubt || tried.tried == Tried::unknown;
    bool ours = false;
    Result found = co_await read_decided(context, table, mutation.key);
    found.each_row([&](std::span<const Cell> row) {
      ours = in_doubt && is_written(row, mutation);
      if (!ours) existing(row);
    });
    if (found.row_count() > 0) co_return ours;  // else it is not there, or not any more
  }
  throw too_many(table);
}

// `IF a = null` also holds if there is no row. So a condition on null has a witness: another column
// of the row, which is not null and must be unchanged. If all columns are null there is no witness,
// and a row that is removed at that moment reappears.
Task<bool> CassandraEngine::change_if_equal(const Context& context, const Mutation& mutation,
                                            const Condition& condition) {
  const TableInfo& table = *mutation.table;
  const ColumnIndex column = condition.column.value_or(0);  // there is one: see commit_if()
  const bool needs_witness = expects_null(condition);
  std::exception_ptr in_doubt;
  for (int i = 0; i < most_attempts; ++i) {
    Values values = mutation.values;
    values.append(mutation.key);
    values.append(condition.expected);
    std::optional<ColumnIndex> witness;
    if (needs_witness || in_doubt) {
      // The row has been removed, by this or another writer.
      bool ours = in_doubt && mutation.kind == Mutation::Kind::remove, untouched = false;
      Result seen = co_await read_decided(context, table, mutation.key);
      seen.each_row([&](std::span<const Cell> row) {
        ours = in_doubt && mutation.kind == Mutation::Kind::update && is_written(row, mutation);
        untouched = holds(row, condition, table);
        if (needs_witness) witness = find_witness(row, table);
        if (witness) values.append(row[*witness]);
      });
      if (ours) co_return true;
      if (!untouched && in_doubt) std::rethrow_exception(in_doubt);
      if (!untouched) co_return false;
    }
    const auto& statement = of(table).if_equal(mutation.kind, column, witness);
    Attempt tried = co_await attempt(context, statement, std::move(values));
    if (tried.tried == Tried::done) co_return true;
    if (tried.tried == Tried::unknown) in_doubt = tried.error;
    // With a witness, perhaps only the witness has changed.
    if (!in_doubt && !needs_witness) co_return false;
  }
  if (in_doubt) std::rethrow_exception(in_doubt);
  throw too_many(table);
}

}  // namespace killrvideo::storage::cassandra
