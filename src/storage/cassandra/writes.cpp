// The engine's writes without conditions.
#include <algorithm>
#include <map>

#include "common/concurrently.hpp"
#include "storage/cassandra/engine.hpp"
#include "storage/counters.hpp"

namespace killrvideo::storage::cassandra {
namespace {

// How many writes of one call run at a time.
constexpr std::size_t writes_at_once = 32;

void add_up(Values& sum, const Values& more) {
  std::vector<std::int64_t> totals;
  sum.each([&](std::size_t, Cell cell) { totals.push_back(Cql<Counter>::decode(cell).value); });
  Values result;
  more.each([&](std::size_t i, Cell cell) {
    append_value(result, Counter{wrapping_add(totals[i], Cql<Counter>::decode(cell).value)});
  });
  sum = std::move(result);
}

// One addition for each row of counters.
std::vector<Mutation> additions_of(const std::vector<Mutation>& mutations) {
  std::map<std::pair<const TableInfo*, std::string>, Mutation> sums;
  for (const Mutation& mutation : mutations) {
    if (mutation.kind != Mutation::Kind::add) continue;
    auto [sum, is_new] = sums.try_emplace({mutation.table, mutation.key.bytes()}, mutation);
    if (!is_new) add_up(sum->second.values, mutation.values);
  }
  std::vector<Mutation> result;
  result.reserve(sums.size());
  for (auto& [row, sum] : sums) result.push_back(std::move(sum));
  return result;
}

Values values_of(const Mutation& mutation) {
  Values values;
  values.reserve(mutation.key.bytes().size() + mutation.values.bytes().size());
  values.append(mutation.key);
  values.append(mutation.values);
  return values;
}

}  // namespace

const LazyStatement& CassandraEngine::statement_of(const Mutation& mutation) {
  TableStatements& statements = of(*mutation.table);
  switch (mutation.kind) {
    case Mutation::Kind::insert:
      return statements.insert;
    case Mutation::Kind::update:
      return statements.update(mutation.columns);
    case Mutation::Kind::remove:
      return statements.remove;
    case Mutation::Kind::add:
      return statements.add;
  }
  std::unreachable();
}

Task<void> CassandraEngine::add(const Context& context, const Mutation& addition) {
  Values values = addition.values;
  values.append(addition.key);
  try {
    co_await execute(context, statement_of(addition), std::move(values), {});
  } catch (const SessionError& error) {
    if (!error.outcome_unknown()) throw;
    throw SessionError(
        error.code(), error.failure(), true,
        "whether " + addition.table->name + " was added to is not known: " + error.what());
  }
}

Task<void> CassandraEngine::write(const Context& context, const Mutation& mutation) {
  return mutation.kind == Mutation::Kind::add ? add(context, mutation) : put(context, mutation);
}

Task<void> CassandraEngine::put(const Context& context, const Mutation& mutation) {
  CallOptions options{.idempotent = true, .timestamp = clock_.next()};
  co_await execute(context, statement_of(mutation), values_of(mutation), options);
}

// Returns whether the batch was done: false if too few nodes could log it.
Task<bool> CassandraEngine::write_batch(const Context& context, BatchKind kind,
                                        const std::vector<const Mutation*>& mutations,
                                        std::int64_t timestamp) {
  std::vector<BatchItem> items;
  items.reserve(mutations.size());
  for (const Mutation* mutation : mutations) {
    const LazyStatement& lazy = statement_of(*mutation);
    const Statement* statement = lazy.if_prepared();
    if (statement == nullptr) statement = co_await lazy.prepared(*session_, context);
    items.push_back({statement, values_of(*mutation)});
  }
  CallOptions options{.idempotent = true, .timestamp = timestamp};
  try {
    co_await session_->batch(context, kind, std::move(items), options);
  } catch (const SessionError& error) {
    if (error.failure() != Failure::logged_once) throw;
    co_return false;
  }
  co_return true;
}

// A server logs a batch on two other nodes until it is done. If one of only two has died and the
// server has not noticed yet, the log of the other is enough: it has the whole batch and will
// complete it, whatever happens to us. So we write the batch without another log. Both write the
// same cells with the same timestamp, so their order does not matter.
Task<void> CassandraEngine::write_together(const Context& context,
                                           std::vector<const Mutation*> mutations) {
  const std::int64_t timestamp = clock_.next();
  if (!co_await write_batch(context, BatchKind::logged, mutations, timestamp))
    co_await write_batch(context, BatchKind::unlogged, mutations, timestamp);
}

Task<void> CassandraEngine::commit(const Context& context, std::vector<Mutation> mutations) {
  context.check_deadline();
  if (mutations.size() == 1) {
    co_await write(context, mutations.front());
    co_return;
  }
  const auto additions = additions_of(mutations);
  co_await concurrently(additions.size(), writes_at_once,
                        [&](std::size_t i) { return add(context, additions[i]); });
  std::vector<const Mutation*> rows;
  for (const Mutation& mutation : mutations) {
    if (mutation.kind == Mutation::Kind::add) continue;
    if (mutation.table->counters) {
      co_await write(context, mutation);  // servers take no counters in a batch of rows
    } else {
      rows.push_back(&mutation);
    }
  }
  if (rows.size() == 1) {
    co_await write(context, *rows.front());
  } else if (!rows.empty()) {
    co_await write_together(context, std::move(rows));
  }
}

Task<void> CassandraEngine::write_non_atomic(const Context& context,
                                             std::vector<Mutation> mutations) {
  // Assigned before the first wait, so that of two writes to a row the later mutation wins.
  std::vector<std::int64_t> timestamps(mutations.size());
  std::ranges::generate(timestamps, [&] { return clock_.next(); });
  const auto apply = [&](std::size_t i) -> Task<void> {
    const Mutation& mutation = mutations[i];
    if (mutation.kind == Mutation::Kind::add) {
      co_await add(context, mutation);
      co_return;
    }
    CallOptions options{.idempotent = true, .timestamp = timestamps[i]};
    co_await execute(context, statement_of(mutation), values_of(mutation), options);
  };
  co_await concurrently(mutations.size(), writes_at_once, apply);
}

}  // namespace killrvideo::storage::cassandra
