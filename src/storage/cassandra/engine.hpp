// The engine for a cluster: the tables of the mapper in a keyspace of Apache Cassandra 5.
//
// Reads and writes use the session's consistency, LOCAL_QUORUM unless configured otherwise: every
// call sees what earlier calls wrote. Conditions are lightweight transactions. docs/cassandra.md
// tells what is weaker than on RocksDB.
//
// The state of a slice is a position: the clustering key of the last row; for scans its whole key.
// A slice asks for one row more than wanted, to know whether there are more. So it takes one
// request, and states are small and independent of servers.
#pragma once

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "common/expects.hpp"
#include "storage/cassandra/session.hpp"
#include "storage/cassandra/statements.hpp"
#include "storage/cassandra/write_clock.hpp"
#include "storage/schema.hpp"

namespace killrvideo::storage::cassandra {

class CassandraEngine : public Engine {
 public:
  /// `serial` is the consistency of reads after conditions with an unknown outcome. REQUIRES: the
  /// keyspace has the schema's tables; see check().
  CassandraEngine(std::unique_ptr<Session> session, const Schema& schema,
                  const std::string& keyspace, Consistency serial);

  /// Compares the statements of all tables with the declarations. Throws failed_precondition, with
  /// the table and the column, if they differ.
  Task<void> check(const Context& context);

  EngineTraits traits() const override { return {.shared = true, .batches_appear_whole = false}; }
  std::string problem() const override;
  void fail_pending_calls() override { session_->close(); }

  Task<void> get(const Context& context, const TableInfo& table, std::span<const Values> keys,
                 const KeyedRowSink& sink) override;
  Task<std::string> slice(const Context& context, const TableInfo& table,
                          const RawSliceQuery& query, const RowSink& sink) override;
  Task<std::string> scan(const Context& context, const TableInfo& table, const std::string& state,
                         std::size_t size, const RowSink& sink) override;
  Task<void> commit(const Context& context, std::vector<Mutation> mutations) override;
  Task<void> write_non_atomic(const Context& context, std::vector<Mutation> mutations) override;
  Task<bool> commit_if(const Context& context, Mutation mutation, Condition condition,
                       const RowSink& existing) override;

  Session& session() { return *session_; }

 private:
  enum class Tried : std::uint8_t { done, refused, unknown };
  struct Attempt {
    Tried tried;
    std::exception_ptr error{};  ///< if unknown
  };

  TableStatements& of(const TableInfo& table) {
    const auto found = tables_.find(&table);
    expects(found != tables_.end(), "the table is part of the schema (src/app/schema.cpp)");
    return found->second;
  }
  Task<Result> execute(const Context& context, const LazyStatement& statement, Values values,
                       CallOptions options);
  Task<Result> prepare_and_execute(const Context& context, const LazyStatement& statement,
                                   Values values, CallOptions options);
  Task<std::vector<Result>> read_ranges(const Context& context, const TableInfo& table,
                                        const Values& partition, const Values& position,
                                        bool inclusive, std::size_t rows);

  Task<void> write(const Context& context, const Mutation& mutation);
  Task<void> put(const Context& context, const Mutation& mutation);
  Task<void> write_together(const Context& context, std::vector<const Mutation*> mutations);
  Task<bool> write_batch(const Context& context, BatchKind kind,
                         const std::vector<const Mutation*>& mutations, std::int64_t timestamp);
  Task<void> add(const Context& context, const Mutation& addition);
  const LazyStatement& statement_of(const Mutation& mutation);

  Task<Attempt> attempt(const Context& context, const LazyStatement& statement, Values values);
  Task<Result> read_decided(const Context& context, const TableInfo& table, const Values& key);
  Task<bool> insert_if_absent(const Context& context, const Mutation& mutation,
                              const RowSink& existing);
  Task<bool> change_if_equal(const Context& context, const Mutation& mutation,
                             const Condition& condition);

  std::unique_ptr<Session> session_;
  const Consistency serial_;
  std::unordered_map<const TableInfo*, TableStatements> tables_;
  WriteClock clock_;
};

}  // namespace killrvideo::storage::cassandra
