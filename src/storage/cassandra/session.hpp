// A session with a Cassandra cluster: prepared statements, raw values in, raw cells out.
//
// The engine knows nothing else of a driver, and nothing here is specific to one driver, so that it
// can be replaced: open_session() is the only function that an implementation defines.
//
// Values and cells are in CQL's binary format (storage/values.hpp); the mapper encodes and decodes
// them. Statements name their keyspace: a session has no current one.
//
// Threads: any thread may call everything. Callers resume in threads of the session, which they
// must not block.
//
// Time: a call ends at the caller's deadline (deadline_exceeded) or after the session's request
// timeout (unavailable), whichever is first, all retries included; or, with `aborted`, when the
// session is closed. In these three cases the outcome of a write is unknown, and SessionError says
// so.
#pragma once

#include <boost/describe.hpp>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "common/context.hpp"
#include "common/task.hpp"
#include "storage/cassandra/session_options.hpp"
#include "storage/values.hpp"

namespace killrvideo::storage::cassandra {

/// A parameter of a statement or a column of its result.
struct ColumnSpec {
  std::string name;  ///< As in the table; "[applied]" is whether a condition held.
  std::string type;  ///< As cql_type() spells it: "set<text>", "vector<float, 384>".

  friend bool operator==(const ColumnSpec&, const ColumnSpec&) = default;
};

/// A prepared statement. Immutable; belongs to its session, which prepares it again if a server has
/// forgotten it.
class Statement {
 public:
  virtual ~Statement() = default;

  const std::string& cql() const { return cql_; }
  std::span<const ColumnSpec> parameters() const { return parameters_; }
  /// None for writes, also for conditional ones: see Result::columns().
  std::span<const ColumnSpec> columns() const { return columns_; }

 protected:
  Statement(std::string cql, std::vector<ColumnSpec> parameters, std::vector<ColumnSpec> columns)
      : cql_(std::move(cql)), parameters_(std::move(parameters)), columns_(std::move(columns)) {}

 private:
  std::string cql_;
  std::vector<ColumnSpec> parameters_;
  std::vector<ColumnSpec> columns_;
};

struct CallOptions {
  std::optional<Consistency> consistency{};  ///< default: the session's

  /// Whether executing it twice has the same effect as once. Only then does the session retry it on
  /// another node after a failure, or earlier, when an answer is late. Never set it for conditions
  /// and counters.
  bool idempotent = false;

  /// Microseconds since the epoch, for all cells written. By default the session sets it once for
  /// each call, so that retries have the same; conditional writes ignore it.
  std::optional<std::int64_t> timestamp{};
};

/// The result of a statement, with all its rows. Owns the memory that its cells point into.
class Result {
 public:
  using Owner = std::unique_ptr<void, void (*)(void*)>;

  /// The parts from which a driver makes a result. `columns` is set if the statement's columns() do
  /// not describe the rows.
  struct Parts {
    Owner owner{nullptr, [](void*) {}};
    std::string_view cells{};  ///< rows × columns values in the format of Values
    std::size_t row_count = 0;
    std::size_t column_count = 0;
    std::vector<ColumnSpec> columns{};
  };

  Result() = default;
  explicit Result(Parts parts) : parts_(std::move(parts)) {}

  std::size_t row_count() const { return parts_.row_count; }

  /// The columns of the rows, for query() and for conditional statements; empty otherwise, see
  /// Statement::columns(). A condition returns "[applied]" and, if it did not hold, the columns of
  /// the existing row, in the server's order.
  std::span<const ColumnSpec> columns() const { return parts_.columns; }

  /// Whether a conditional write was done. REQUIRES: the statement had a condition.
  bool applied() const {
    if (parts_.row_count == 0) throw_corrupt("a condition without an answer");
    std::string_view rest = parts_.cells;
    // "[applied]" comes first, before the columns of the row.
    return take_value(rest) == std::string_view("\x01", 1);
  }

  /// Calls visit(std::span<const Cell>) for each row. The cells live as long as the Result.
  template <class Visit>
  void each_row(Visit&& visit) const {
    std::vector<Cell> row(parts_.column_count);
    std::string_view rest = parts_.cells;
    for (std::size_t i = 0; i < parts_.row_count; ++i) {
      for (Cell& cell : row) cell = take_value(rest);
      visit(std::span<const Cell>(row));
    }
  }

 private:
  Parts parts_;
};

/// Why a call failed.
enum class Failure : std::uint8_t {
  not_connected,    ///< no connection to any suitable node
  unavailable,      ///< the coordinator knows too few live replicas; nothing was started, unless
                    ///< the statement had a condition
  overloaded,       ///< a node is overloaded, or this session has too many calls in flight
  read_timeout,     ///< replicas did not answer the coordinator in time
  write_timeout,    ///< likewise; also of conditional writes ("CAS write unknown")
  read_failure,     ///< replicas answered with an error
  write_failure,    ///< likewise
  logged_once,      ///< a logged batch is in the log of one node instead of two; it was not
                    ///< started, and that node will replay it later
  connection_lost,  ///< while the call was in flight
  client_timeout,   ///< no answer within the request timeout or the caller's deadline
  cancelled,        ///< because the session ends
  already_exists,   ///< a keyspace or table to create
  rejected,         ///< syntax, types, unknown tables, permissions: a retry is useless
  other,            ///< an error of the server or the driver
};
BOOST_DESCRIBE_ENUM(Failure, not_connected, unavailable, overloaded, read_timeout, write_timeout,
                    read_failure, write_failure, logged_once, connection_lost, client_timeout,
                    cancelled, already_exists, rejected, other)

inline std::string_view to_string(Failure failure) {
  return boost::describe::enum_to_string(failure, "other");
}

/// The error of a session's calls. code(): deadline_exceeded, resource_exhausted (overloaded),
/// aborted (cancelled), already_exists, internal (rejected, but failed_precondition if a batch is
/// too large for the servers), unavailable (the rest).
class SessionError : public Error {
 public:
  SessionError(Code code, Failure failure, bool outcome_unknown, const std::string& message)
      : Error(code, message), failure_(failure), outcome_unknown_(outcome_unknown) {}

  Failure failure() const noexcept { return failure_; }

  /// Whether a write may have happened, or may happen later; if false, it did not and will not. An
  /// idempotent call may have been sent several times, and this is its last failure: then it is
  /// false only if none was sent.
  bool outcome_unknown() const noexcept { return outcome_unknown_; }

 private:
  Failure failure_;
  bool outcome_unknown_;
};

/// Whether a conditional write that failed with this error may have been applied: Cassandra can
/// notice that too few replicas are left after they have accepted it.
inline bool may_be_decided(const SessionError& error) {
  return error.outcome_unknown() || error.failure() == Failure::unavailable;
}

enum class BatchKind : std::uint8_t {
  logged,    ///< all or nothing, eventually
  unlogged,  ///< each by itself
};

struct BatchItem {
  const Statement* statement = nullptr;
  Values values{};
};

struct Node {
  std::string address;  ///< HOST:PORT
  std::string data_center;
  bool connected;
};

class Session {
 public:
  /// Closes all connections. REQUIRES: as for close(), and no new calls.
  virtual ~Session() = default;

  /// Returns when the session is connected. Throws `unavailable`, with the error of the last
  /// attempt, when the caller's deadline has passed; `failed_precondition` at once when servers
  /// answer but reject our configuration (password, data centre, certificate). The session keeps
  /// trying in both cases.
  virtual Task<void> connected(const Context& context) = 0;

  /// Empty while the session is connected to most nodes of the local data centre, so that requests
  /// should succeed. Otherwise a sentence for operators. Does not wait.
  virtual std::string problem() const = 0;

  /// All nodes of the cluster, as the session knows them. Does not wait; empty before the session
  /// is connected.
  virtual std::vector<Node> nodes() const = 0;

  /// Prepares a statement once and caches it for the life of the session: for a limited number of
  /// texts.
  virtual Task<const Statement*> prepare(const Context& context, std::string cql) = 0;

  /// REQUIRES: one value for each of the statement's parameters.
  virtual Task<Result> execute(const Context& context, const Statement& statement, Values values,
                               CallOptions options) = 0;

  /// Executes several writes as a batch.
  virtual Task<Result> batch(const Context& context, BatchKind kind, std::vector<BatchItem> items,
                             CallOptions options) = 0;

  /// Runs a text without preparing it: changes of the schema, reads of system tables. All go to the
  /// same node of the data centre while it is there, and to one node at a time, as nodes that make
  /// changes concurrently hold each other up. A change is known only to the node that made it; see
  /// agree_on_schema().
  virtual Task<Result> query(const Context& context, std::string cql, CallOptions options) = 0;

  /// Returns when all live nodes have the same schema, and this session knows it.
  virtual Task<void> agree_on_schema(const Context& context) = 0;

  /// Fails the calls in flight, and all later calls, with `cancelled`: for shutdown while a cluster
  /// does not answer. May be called again. Not for the session's threads.
  virtual void close() = 0;
};

/// Returns at once; connects in the background and retries until it succeeds. Until then all calls
/// but connected() fail with `not_connected` and the reason. Throws invalid_argument, with the
/// setting, for options that can never work (a file that is no certificate). `metrics` may be
/// registered anywhere; the session keeps it alive.
std::unique_ptr<Session> open_session(SessionOptions options,
                                      std::shared_ptr<SessionMetrics> metrics);

}  // namespace killrvideo::storage::cassandra
