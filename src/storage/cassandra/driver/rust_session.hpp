// The session on the Rust driver, behind the C interface of bridge/bridge.h.
//
// Coroutines go on in the driver's own threads: an answer arrives there with its bytes in the
// cache, and to hand it to a pool of ours would cost another wake-up a call. What would have to be
// feared from that does not happen: coroutines here never block (as in the threads of RocksDB's
// writer), no exception leaves a Task, and where there are several threads, they take over each
// other's work.
#pragma once

#include <atomic>
#include <mutex>
#include <unordered_map>

#include "storage/cassandra/driver/answer.hpp"
#include "storage/cassandra/metrics.hpp"
#include "storage/cassandra/session.hpp"

namespace killrvideo::storage::cassandra {

class RustSession final : public Session {
 public:
  RustSession(SessionOptions options, std::shared_ptr<SessionMetrics> metrics);
  ~RustSession() override;

  Task<void> connected(const Context& context) override;
  std::string problem() const override;
  std::vector<Node> nodes() const override;
  Task<const Statement*> prepare(const Context& context, std::string cql) override;
  Task<Result> execute(const Context& context, const Statement& statement, Values values,
                       CallOptions options) override;
  Task<Result> batch(const Context& context, BatchKind kind, std::vector<BatchItem> items,
                     CallOptions options) override;
  Task<Result> query(const Context& context, std::string cql, CallOptions options) override;
  Task<void> agree_on_schema(const Context& context) override;
  void close() override;

 private:
  using Request = SessionMetrics::Request;

  /// How long a call may take, and whose limit that is.
  struct Limit {
    std::uint32_t milliseconds;
    bool callers;
  };

  /// How a request is made: the most time that it has, and whether it may be repeated.
  struct Manner {
    std::chrono::milliseconds most;
    bool idempotent;
  };

  static Limit limit(const Context& context, std::chrono::milliseconds own);
  static kvc_call to_call(const CallOptions& options, std::uint32_t timeout_ms);

  /// Begins a request with begin(timeout in ms, cancel, done, context), which it keeps until the
  /// request has ended, and returns its answer as convert() makes it; throws if it failed.
  template <class Begin, class Convert>
  auto ask(const Context& context, Request request, Manner manner, Begin begin, Convert convert)
      -> Task<std::remove_cvref_t<std::invoke_result_t<Convert, AnswerPtr>>>;
  [[noreturn]] void refuse(Code code, Failure failure, const std::string& why);
  const Statement* find(const std::string& cql) const;

  const SessionOptions options_;
  const std::shared_ptr<SessionMetrics> metrics_;
  kvc_session* const session_;
  std::atomic<bool> closing_{false};
  mutable std::mutex mutex_;
  std::unordered_map<std::string, std::unique_ptr<Statement>> statements_;
};

}  // namespace killrvideo::storage::cassandra
