// A session whose answers a test writes, for what no server does on demand: losing an answer at the
// one moment that matters, finishing late, having several data centres.
#pragma once

#include <gtest/gtest.h>

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>

#include "storage/cassandra/session.hpp"
#include "storage/cql.hpp"
#include "storage/schema.hpp"

namespace killrvideo::storage::cassandra {

/// A result of rows with these values.
inline Result rows_of(const std::vector<Values>& rows) {
  auto cells = std::make_unique<std::string>();
  for (const Values& row : rows) *cells += row.bytes();
  const std::string_view bytes = *cells;
  return Result(
      {.owner = {cells.release(), [](void* owned) { delete static_cast<std::string*>(owned); }},
       .cells = bytes,
       .row_count = rows.size(),
       .column_count = rows.empty() ? 0 : rows.front().count()});
}

inline Result no_rows() { return {}; }

inline Result applied(bool value) { return rows_of({values_from(std::tuple(value))}); }

inline SessionError failure(Failure failure, bool outcome_unknown) {
  return {Code::unavailable, failure, outcome_unknown, std::string(to_string(failure))};
}

/// What a session was asked in order, and its end; outlives it.
struct Transcript {
  /// A statement or a batch, with all that the engine says of it.
  struct Call {
    std::vector<std::string> statements;
    CallOptions options;
    std::optional<BatchKind> batch;
  };

  std::mutex mutex{};
  std::vector<std::string> lines{};
  std::vector<Call> calls{};

  void add(std::string line) {
    const std::lock_guard lock(mutex);
    lines.push_back(std::move(line));
  }
  void add(Call call) {
    const std::lock_guard lock(mutex);
    calls.push_back(std::move(call));
  }
};

class ScriptedSession final : public Session {
 public:
  /// Answers a statement, by its text, or throws what it fails with. Any thread.
  using Script = std::function<Result(const std::string& cql)>;

  /// Statements that read rows have the columns which the schema declares.
  ScriptedSession(const Schema& schema, Script script,
                  std::shared_ptr<Transcript> transcript = std::make_shared<Transcript>(),
                  std::vector<Node> nodes = {{"127.0.0.1:9042", "dc1", true}})
      : schema_(schema),
        script_(std::move(script)),
        transcript_(std::move(transcript)),
        nodes_(std::move(nodes)) {}
  ~ScriptedSession() override { transcript_->add("closed"); }

  Task<void> connected(const Context&) override { co_return; }
  std::string problem() const override { return {}; }
  std::vector<Node> nodes() const override { return nodes_; }
  Task<const Statement*> prepare(const Context&, std::string cql) override {
    co_return statements_.try_emplace(cql, std::make_unique<Text>(cql, columns_of(cql)))
        .first->second.get();
  }
  Task<Result> execute(const Context&, const Statement& statement, Values,
                       CallOptions options) override {
    transcript_->add({{statement.cql()}, options, std::nullopt});
    co_return answer(statement.cql());
  }
  Task<Result> batch(const Context&, BatchKind kind, std::vector<BatchItem> items,
                     CallOptions options) override {
    Transcript::Call call{{}, options, kind};
    for (const BatchItem& item : items) call.statements.push_back(item.statement->cql());
    transcript_->add(call);
    for (const std::string& statement : call.statements) answer(statement);
    co_return no_rows();
  }
  Task<Result> query(const Context&, std::string cql, CallOptions) override {
    co_return answer(cql);
  }
  Task<void> agree_on_schema(const Context&) override { co_return; }
  void close() override {}

 private:
  class Text final : public Statement {
   public:
    Text(std::string cql, std::vector<ColumnSpec> columns)
        : Statement(std::move(cql), {}, std::move(columns)) {}
  };

  Result answer(const std::string& cql) {
    transcript_->add(cql);
    return script_(cql);
  }

  std::vector<ColumnSpec> columns_of(const std::string& cql) const {
    std::vector<ColumnSpec> columns;
    if (!cql.starts_with("SELECT ")) return columns;
    for (const TableInfo* table : schema_.tables) {
      if (cql.find("." + table->name + " ") == cql.npos) continue;
      for (const ColumnInfo& column : table->columns)
        columns.push_back({column.name, cql_type(column)});
    }
    return columns;
  }

  const Schema& schema_;
  const Script script_;
  const std::shared_ptr<Transcript> transcript_;
  const std::vector<Node> nodes_;
  std::map<std::string, std::unique_ptr<Statement>> statements_;
};

/// Answers in order, each to a statement that has to begin as expected.
class Steps {
 public:
  Steps& answer(std::string beginning, std::function<Result()> answer) {
    steps_.emplace_back(std::move(beginning), std::move(answer));
    return *this;
  }
  Steps& fail(std::string beginning, SessionError error) {
    return answer(std::move(beginning), [error]() -> Result { throw error; });
  }

  Result next(const std::string& cql) {
    if (steps_.empty() || !cql.starts_with(steps_.front().first))
      throw std::logic_error("not in the script: " + cql);
    auto step = std::move(steps_.front());
    steps_.pop_front();
    return step.second();
  }

  bool all_taken() const { return steps_.empty(); }

 private:
  std::deque<std::pair<std::string, std::function<Result()>>> steps_;
};

}  // namespace killrvideo::storage::cassandra
