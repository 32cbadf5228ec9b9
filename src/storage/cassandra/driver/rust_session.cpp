// The session on the Rust driver, behind the C interface of bridge/bridge.h.
//
// Coroutines go on in the driver's own threads: an answer arrives there with its bytes in the
// cache, and to hand it to a pool of ours would cost another wake-up a call. What would have to be
// feared from that does not happen: coroutines here never block (as in the threads of RocksDB's
// writer), no exception leaves a Task, and where there are several threads, they take over each
// other's work.
#include <algorithm>
#include <atomic>
#include <functional>
#include <limits>
#include <mutex>
#include <thread>
#include <unordered_map>

#include "common/log.hpp"
#include "common/slot.hpp"
#include "storage/cassandra/driver/answer.hpp"
#include "storage/cassandra/metrics.hpp"
#include "storage/cassandra/session.hpp"

namespace killrvideo::storage::cassandra {
namespace {

using std::chrono::milliseconds;

// Changes of the schema wait for all nodes to have made them.
constexpr milliseconds schema_limit{60'000};
constexpr milliseconds no_limit{std::numeric_limits<std::uint32_t>::max()};

void write_log(std::int32_t level, kvc_text message) {
  const auto at = static_cast<log::Level>(level);
  if (log::enabled(at)) log::write(at, view(message));
}

std::int32_t least_log_level() {
  std::int32_t level = 0;
  while (level < 4 && !log::enabled(static_cast<log::Level>(level))) ++level;
  return level;
}

void append(void* context, kvc_text text) { *static_cast<std::string*>(context) += view(text); }

std::uint32_t count(milliseconds duration) { return static_cast<std::uint32_t>(duration.count()); }

// On a small machine a second thread of the driver's takes no load off the first: they wake each
// other, and take the core from those who ask.
std::uint32_t useful_threads() {
  constexpr unsigned cores_each = 4;
  return std::max(std::thread::hardware_concurrency() / cores_each, 1U);
}

kvc_session* open(const SessionOptions& options) {
  kvc_log_to(write_log, least_log_level());
  const auto contact_points = to_string(options.contact_points);
  const kvc_options plain{
      .contact_points = text(contact_points),
      .local_data_center = text(options.local_data_center),
      .username = text(options.username),
      .password = text(options.password),
      .tls_ca = text(options.tls.ca.native()),
      .tls_certificate = text(options.tls.certificate.native()),
      .tls_key = text(options.tls.key.native()),
      .tls = options.tls.enabled,
      .tls_verify_host = options.tls.verify_host,
      .lz4 = options.compression == Compression::lz4,
      .token_aware = options.load_balancing == LoadBalancing::token_aware,
      .retry = options.retry == Retry::next_node,
      .consistency = static_cast<std::uint16_t>(options.consistency),
      .serial_consistency = static_cast<std::uint16_t>(options.serial_consistency),
      .speculative_attempts = options.speculative_attempts,
      .speculative_delay_ms = count(options.speculative_delay),
      .connect_timeout_ms = count(options.connect_timeout),
      .heartbeat_ms = count(options.heartbeat),
      .connections_per_node = options.connections_per_node,
      .threads = std::min(options.threads, useful_threads()),
  };
  std::string failure;
  kvc_session* session = kvc_open(&plain, append, &failure);
  if (session == nullptr) throw Error(Code::invalid_argument, failure);
  return session;
}

class RustStatement final : public Statement {
 public:
  RustStatement(std::string cql, const kvc_answer& answer)
      : Statement(std::move(cql), column_specs(answer.parameters, answer.parameters_size),
                  column_specs(answer.columns, answer.columns_size)),
        statement_(answer.statement) {}
  RustStatement(const RustStatement&) = delete;
  RustStatement& operator=(const RustStatement&) = delete;
  ~RustStatement() override { kvc_statement_free(statement_); }

  const kvc_statement* get() const { return statement_; }

 private:
  kvc_statement* statement_;
};

const kvc_statement* rust(const Statement& statement) {
  return static_cast<const RustStatement&>(statement).get();
}

using ResumeWith = Resume<AnswerPtr>;

/// Goes on with what waits for an answer, which kvc_done knows as its context.
void go_on(void* context, kvc_answer* answer) {
  const std::unique_ptr<ResumeWith> resume(static_cast<ResumeWith*>(context));
  (*resume)(AnswerPtr(answer));
}

/// How long a call may take, and whose limit that is.
struct Limit {
  std::uint32_t milliseconds;
  bool callers;
};

Limit limit_of(const Context& context, milliseconds own) {
  if (context.deadline() == Context::Deadline::max()) return {count(own), false};
  context.check_deadline();
  const auto left =
      std::chrono::ceil<milliseconds>(context.deadline() - std::chrono::system_clock::now());
  return left < own ? Limit{count(std::max(left, milliseconds{1})), true}
                    : Limit{count(own), false};
}

kvc_call to_call(const CallOptions& options) {
  return {.timestamp = options.timestamp.value_or(std::numeric_limits<std::int64_t>::min()),
          .consistency = options.consistency ? static_cast<std::uint16_t>(*options.consistency)
                                             : std::uint16_t{UINT16_MAX},
          .idempotent = options.idempotent};
}

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

  /// How a request is made: the most time that it has, and whether it may be repeated.
  struct Manner {
    std::chrono::milliseconds most;
    bool idempotent;
  };

  /// Begins a request with begin(const kvc_wait&), which it keeps until the request has ended, and
  /// returns its answer as convert() makes it; throws if it failed.
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

RustSession::RustSession(SessionOptions options, std::shared_ptr<SessionMetrics> metrics)
    : options_(std::move(options)), metrics_(std::move(metrics)), session_(open(options_)) {
  metrics_->ask([this] {
    SessionMetrics::Driver driver{.retries = kvc_retries(session_),
                                  .connections = kvc_connections(session_)};
    for (const Node& node : nodes())
      ++(node.connected ? driver.nodes_connected : driver.nodes_down);
    return driver;
  });
}

RustSession::~RustSession() {
  closing_ = true;
  metrics_->ask({});
  kvc_close(session_);
}

void RustSession::close() {
  closing_ = true;
  kvc_end(session_);
}

std::string RustSession::problem() const {
  std::string problem;
  kvc_problem(session_, append, &problem);
  return problem;
}

std::vector<Node> RustSession::nodes() const {
  std::vector<Node> nodes;
  auto add = [](void* context, const kvc_node* node) {
    static_cast<std::vector<Node>*>(context)->push_back({std::string(view(node->address)),
                                                         std::string(view(node->data_center)),
                                                         node->connected != 0});
  };
  kvc_nodes(session_, add, &nodes);
  return nodes;
}

void RustSession::refuse(Code code, Failure failure, const std::string& why) {
  metrics_->failed(failure);
  throw SessionError(code, failure, false, "Cassandra: " + why);
}

template <class Begin, class Convert>
auto RustSession::ask(const Context& context, Request request, Manner manner, Begin begin,
                      Convert convert)
    -> Task<std::remove_cvref_t<std::invoke_result_t<Convert, AnswerPtr>>> {
  const auto limit = limit_of(context, manner.most);
  const Timer timer(metrics_->duration(request));
  const Slot slot(metrics_->in_flight);
  if (closing_) refuse(Code::aborted, Failure::cancelled, "the session is closed");
  if (std::cmp_greater_equal(slot.before(), options_.max_in_flight))
    refuse(Code::resource_exhausted, Failure::overloaded,
           "too many requests are in flight (" + std::to_string(options_.max_in_flight) + ")");
  AnswerPtr answer = co_await suspended<AnswerPtr>([&](ResumeWith resume) {
    begin({.timeout_ms = limit.milliseconds,
           .done = go_on,
           .context = new ResumeWith(std::move(resume))});
  });
  if (answer->kind == KVC_FAILED) {
    auto error =
        to_error(*answer, {.idempotent = manner.idempotent, .callers_deadline = limit.callers});
    metrics_->failed(error.failure());
    throw error;
  }
  co_return convert(std::move(answer));
}

Task<void> RustSession::connected(const Context& context) {
  auto begin = [this](const kvc_wait& wait) { kvc_connected(session_, &wait); };
  try {
    co_await ask(context, Request::other, {.most = no_limit, .idempotent = true}, begin,
                 std::identity{});
  } catch (const SessionError& error) {
    if (error.failure() != Failure::client_timeout) throw;
    throw SessionError(Code::unavailable, Failure::not_connected, false, "Cassandra: " + problem());
  }
}

const Statement* RustSession::find(const std::string& cql) const {
  const std::lock_guard lock(mutex_);
  const auto found = statements_.find(cql);
  return found == statements_.end() ? nullptr : found->second.get();
}

Task<const Statement*> RustSession::prepare(const Context& context, std::string cql) {
  if (const Statement* known = find(cql)) co_return known;
  auto begin = [&](const kvc_wait& wait) { kvc_prepare(session_, text(cql), &wait); };
  const AnswerPtr answer =
      co_await ask(context, Request::prepare,
                   {.most = options_.request_timeout, .idempotent = true}, begin, std::identity{});
  auto statement = std::make_unique<RustStatement>(cql, *answer);
  const std::lock_guard lock(mutex_);
  // If it was prepared twice at once, the first one stays.
  co_return statements_.try_emplace(std::move(cql), std::move(statement)).first->second.get();
}

// What each of these three begins with holds all that the call needs: it outlives the function.
Task<Result> RustSession::execute(const Context& context, const Statement& statement, Values values,
                                  CallOptions options) {
  const Manner manner{.most = options_.request_timeout, .idempotent = options.idempotent};
  auto begin = [this, &statement, values = std::move(values),
                call = to_call(options)](const kvc_wait& wait) {
    kvc_execute(session_, rust(statement), text(values.bytes()), &call, &wait);
  };
  return ask(context, Request::execute, manner, std::move(begin), to_result);
}

Task<Result> RustSession::batch(const Context& context, BatchKind kind,
                                std::vector<BatchItem> items, CallOptions options) {
  const Manner manner{.most = options_.request_timeout, .idempotent = options.idempotent};
  auto begin = [this, kind, items = std::move(items),
                call = to_call(options)](const kvc_wait& wait) {
    std::vector<kvc_batch_item> plain;
    plain.reserve(items.size());
    for (const BatchItem& item : items)
      plain.push_back({rust(*item.statement), text(item.values.bytes())});
    kvc_batch(session_, static_cast<std::uint8_t>(kind), plain.data(), plain.size(), &call, &wait);
  };
  return ask(context, Request::batch, manner, std::move(begin), to_result);
}

Task<Result> RustSession::query(const Context& context, std::string cql, CallOptions options) {
  const Manner manner{.most = std::max(options_.request_timeout, schema_limit),
                      .idempotent = options.idempotent};
  auto begin = [this, cql = std::move(cql), call = to_call(options)](const kvc_wait& wait) {
    kvc_query(session_, text(cql), &call, &wait);
  };
  return ask(context, Request::query, manner, std::move(begin), to_result);
}

Task<void> RustSession::agree_on_schema(const Context& context) {
  auto begin = [this](const kvc_wait& wait) { kvc_agree_on_schema(session_, &wait); };
  co_await ask(context, Request::other, {.most = schema_limit, .idempotent = true}, begin,
               std::identity{});
}

}  // namespace

std::unique_ptr<Session> open_session(SessionOptions options,
                                      std::shared_ptr<SessionMetrics> metrics) {
  return std::make_unique<RustSession>(std::move(options), std::move(metrics));
}

}  // namespace killrvideo::storage::cassandra
