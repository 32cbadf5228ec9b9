// The session with Cassandra, against the real servers that `make test` starts.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <prometheus/metric_family.h>

#include <latch>
#include <mutex>

#include "storage/cassandra/calls.hpp"
#include "storage/cassandra/server.hpp"

namespace killrvideo::storage::cassandra {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

constexpr auto soon = 60s;

template <class... T>
Values values(const T&... cells) {
  Values values;
  (values.append(Cell(cells)), ...);
  return values;
}

std::string integer(std::int32_t value) {
  std::string bytes;
  put_big_endian(bytes, value);
  return bytes;
}

std::string bigint(std::int64_t value) {
  std::string bytes;
  put_big_endian(bytes, value);
  return bytes;
}

// The rows of a result; "null" for null.
std::vector<std::vector<std::string>> rows(const Result& result) {
  std::vector<std::vector<std::string>> rows;
  result.each_row([&](std::span<const Cell> cells) {
    auto& row = rows.emplace_back();
    for (Cell cell : cells) row.push_back(is_null(cell) ? "null" : std::string(cell));
  });
  return rows;
}

// One session and one keyspace for all tests of a process.
class CassandraSession : public testing::Test {
 protected:
  static void SetUpTestSuite() { keyspace_ = new TemporaryKeyspace; }
  static void TearDownTestSuite() {
    delete keyspace_;
    keyspace_ = nullptr;
  }

  static Session& session() { return keyspace_->session(); }
  static std::string named(const std::string& table) { return keyspace_->name() + "." + table; }

  static Result query(const std::string& cql) {
    return run(session().query(In(soon), cql, CallOptions{}));
  }
  static void change(const std::string& cql) { keyspace_->change(cql); }
  static const Statement& prepare(const std::string& cql) {
    return *run(session().prepare(In(soon), cql));
  }
  static Result execute(const Statement& statement, Values values, CallOptions options = {}) {
    return run(session().execute(In(soon), statement, std::move(values), options));
  }

  // A new table with these columns; its name with the keyspace.
  static std::string table(const std::string& columns) {
    static int number = 0;
    const auto name = named("t" + std::to_string(++number));
    change("CREATE TABLE " + name + " (" + columns + ")");
    return name;
  }

 private:
  static inline TemporaryKeyspace* keyspace_ = nullptr;
};

TEST_F(CassandraSession, tells_names_and_types_of_parameters_and_columns) {
  const auto t = table(
      "k uuid PRIMARY KEY, a timeuuid, b text, c int, d bigint, e timestamp, f date, g boolean, "
      "h set<text>, i vector<float, 3>, j float, l blob");
  const auto& read = prepare("SELECT a, b, c, d, e, f, g, h, i, j, l FROM " + t + " WHERE k = ?");
  EXPECT_THAT(read.parameters(), ElementsAre(ColumnSpec{"k", "uuid"}));
  EXPECT_THAT(read.columns(), ElementsAre(ColumnSpec{"a", "timeuuid"}, ColumnSpec{"b", "text"},
                                          ColumnSpec{"c", "int"}, ColumnSpec{"d", "bigint"},
                                          ColumnSpec{"e", "timestamp"}, ColumnSpec{"f", "date"},
                                          ColumnSpec{"g", "boolean"}, ColumnSpec{"h", "set<text>"},
                                          ColumnSpec{"i", "vector<float, 3>"},
                                          ColumnSpec{"j", "float"}, ColumnSpec{"l", "blob"}));
  const auto& write = prepare("UPDATE " + t + " SET c = ? WHERE k = ?");
  EXPECT_THAT(write.parameters(), ElementsAre(ColumnSpec{"c", "int"}, ColumnSpec{"k", "uuid"}));
  EXPECT_THAT(write.columns(), IsEmpty());
  EXPECT_EQ(write.cql(), "UPDATE " + t + " SET c = ? WHERE k = ?");
}

TEST_F(CassandraSession, prepares_a_text_once) {
  const auto t = table("k int PRIMARY KEY");
  const auto cql = "SELECT k FROM " + t;
  EXPECT_EQ(&prepare(cql), &prepare(cql));
}

TEST_F(CassandraSession, returns_the_cells_that_were_written) {
  const auto t = table("k int PRIMARY KEY, a text, b text, c int");
  const auto& write = prepare("INSERT INTO " + t + " (k, a, b, c) VALUES (?, ?, ?, ?)");
  const auto& read = prepare("SELECT a, b, c FROM " + t + " WHERE k = ?");
  execute(write, values(integer(1), "", "\xC3\xA4", integer(-2)));
  execute(write, values(integer(2), Cell{}, Cell{}, Cell{}));
  using Row = std::vector<std::string>;
  EXPECT_THAT(rows(execute(read, values(integer(1)))),
              ElementsAre(Row{"", "\xC3\xA4", integer(-2)}));
  EXPECT_THAT(rows(execute(read, values(integer(2)))), ElementsAre(Row{"null", "null", "null"}));
  EXPECT_THAT(rows(execute(read, values(integer(3)))), IsEmpty());
}

TEST_F(CassandraSession, says_whether_a_condition_held_and_what_is_there) {
  const auto t = table("k int PRIMARY KEY, a text, b int");
  const auto& insert = prepare("INSERT INTO " + t + " (k, a, b) VALUES (?, ?, ?) IF NOT EXISTS");
  const auto first = execute(insert, values(integer(1), "mine", integer(7)));
  EXPECT_TRUE(first.applied());
  const auto second = execute(insert, values(integer(1), "theirs", integer(8)));
  EXPECT_FALSE(second.applied());
  EXPECT_THAT(second.columns(),
              ElementsAre(ColumnSpec{"[applied]", "boolean"}, ColumnSpec{"k", "int"},
                          ColumnSpec{"a", "text"}, ColumnSpec{"b", "int"}));
  ASSERT_THAT(rows(second), SizeIs(1));
  EXPECT_EQ(rows(second)[0][2], "mine");

  const auto& set = prepare("UPDATE " + t + " SET b = ? WHERE k = ? IF a = ?");
  EXPECT_FALSE(execute(set, values(integer(9), integer(1), "theirs")).applied());
  EXPECT_TRUE(execute(set, values(integer(9), integer(1), "mine")).applied());
  const auto& remove = prepare("DELETE FROM " + t + " WHERE k = ? IF EXISTS");
  EXPECT_TRUE(execute(remove, values(integer(1))).applied());
  EXPECT_FALSE(execute(remove, values(integer(1))).applied());
}

TEST_F(CassandraSession, writes_a_batch_to_several_tables) {
  const auto a = table("k int PRIMARY KEY, v text");
  const auto b = table("k int PRIMARY KEY, v text");
  const auto& insert = prepare("INSERT INTO " + a + " (k, v) VALUES (?, ?)");
  const auto& update = prepare("UPDATE " + b + " SET v = ? WHERE k = ?");
  run(session().batch(In(soon), BatchKind::logged,
                      {{&insert, values(integer(1), "one")}, {&update, values("two", integer(2))}},
                      {.idempotent = true}));
  EXPECT_EQ(rows(query("SELECT v FROM " + a))[0][0], "one");
  EXPECT_EQ(rows(query("SELECT v FROM " + b))[0][0], "two");
}

TEST_F(CassandraSession, writes_at_the_time_it_is_told) {
  const auto t = table("k int PRIMARY KEY, v text");
  const auto& write = prepare("INSERT INTO " + t + " (k, v) VALUES (?, ?)");
  execute(write, values(integer(1), "later"), {.timestamp = 2'000});
  execute(write, values(integer(1), "earlier"), {.timestamp = 1'000});
  EXPECT_EQ(rows(query("SELECT v, writetime(v) FROM " + t)),
            (std::vector<std::vector<std::string>>{{"later", bigint(2'000)}}));
}

TEST_F(CassandraSession, prepares_again_what_the_server_has_forgotten) {
  const auto t = table("k int PRIMARY KEY, v text");
  const auto& write = prepare("INSERT INTO " + t + " (k, v) VALUES (?, ?)");
  change("DROP TABLE " + t);
  change("CREATE TABLE " + t + " (k int PRIMARY KEY, v text)");
  execute(write, values(integer(1), "still here"));
  EXPECT_EQ(rows(query("SELECT v FROM " + t))[0][0], "still here");
}

TEST_F(CassandraSession, reads_on_when_a_column_was_added) {
  const auto t = table("k int PRIMARY KEY, v text");
  const auto& read = prepare("SELECT v, k FROM " + t);
  query("INSERT INTO " + t + " (k, v) VALUES (1, 'one')");
  change("ALTER TABLE " + t + " ADD a text");
  EXPECT_EQ(rows(execute(read, {})), (std::vector<std::vector<std::string>>{{"one", integer(1)}}));
}

TEST_F(CassandraSession, tells_errors_of_the_server_apart) {
  const auto t = table("k int PRIMARY KEY, v text");
  auto error = failure([&] { query("CREATE TABLE " + t + " (k int PRIMARY KEY)"); });
  ASSERT_TRUE(error);
  EXPECT_EQ(error->failure(), Failure::already_exists);
  EXPECT_EQ(error->code(), Code::already_exists);

  error = failure([&] { query("SELEC"); });
  ASSERT_TRUE(error);
  EXPECT_EQ(error->failure(), Failure::rejected);
  EXPECT_FALSE(error->outcome_unknown());

  error = failure([&] { prepare("SELECT nothing FROM " + t); });
  ASSERT_TRUE(error);
  EXPECT_EQ(error->failure(), Failure::rejected);
  EXPECT_EQ(error->code(), Code::internal);
  EXPECT_THAT(error->what(), HasSubstr("nothing"));

  // What the servers refuse because of what a caller wants to write.
  const auto& write = prepare("INSERT INTO " + t + " (k, v) VALUES (?, ?)");
  const std::string large(1 << 20, 'x');
  error = failure([&] {
    run(session().batch(In(soon), BatchKind::logged,
                        {{&write, values(integer(1), large)}, {&write, values(integer(2), large)}},
                        {.idempotent = true}));
  });
  ASSERT_TRUE(error);
  EXPECT_EQ(error->failure(), Failure::rejected);
  EXPECT_EQ(error->code(), Code::failed_precondition) << error->what();
}

TEST_F(CassandraSession, refuses_the_wrong_number_of_values) {
  const auto t = table("k int PRIMARY KEY, v text");
  const auto& write = prepare("INSERT INTO " + t + " (k, v) VALUES (?, ?)");
  for (const auto& wrong : {values(integer(1)), values(integer(1), "one", "two"), Values{}}) {
    const auto error = failure([&] { execute(write, wrong); });
    ASSERT_TRUE(error);
    EXPECT_EQ(error->failure(), Failure::rejected) << error->what();
    EXPECT_FALSE(error->outcome_unknown());
  }
  EXPECT_THAT(rows(query("SELECT * FROM " + t)), IsEmpty());
}

TEST_F(CassandraSession, does_not_begin_after_the_deadline) {
  const auto t = table("k int PRIMARY KEY");
  const auto& write = prepare("INSERT INTO " + t + " (k) VALUES (?)");
  try {
    run(session().execute(In(-1s), write, values(integer(1)), CallOptions{}));
    FAIL() << "it was done";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Code::deadline_exceeded);
  }
  EXPECT_THAT(rows(query("SELECT * FROM " + t)), IsEmpty());
}

TEST_F(CassandraSession, knows_the_nodes) {
  const auto nodes = session().nodes();
  ASSERT_THAT(nodes, SizeIs(server_addresses().size()));
  for (const auto& node : nodes) {
    EXPECT_TRUE(node.connected);
    EXPECT_FALSE(node.data_center.empty());
    EXPECT_TRUE(parse_address(node.address)) << node.address;
  }
  EXPECT_EQ(session().problem(), "");
  run(session().agree_on_schema(In(soon)));
}

TEST_F(CassandraSession, works_compressed_and_with_several_connections) {
  auto options = server_options();
  options.compression = Compression::lz4;
  options.connections_per_node = 3;
  options.load_balancing = LoadBalancing::round_robin;
  options.local_data_center = session().nodes()[0].data_center;
  auto compressed = open(options);
  run(compressed->connected(In(soon)));
  const auto t = table("k int PRIMARY KEY, v text");
  const std::string text(100'000, 'x');
  const auto* write =
      run(compressed->prepare(In(soon), "INSERT INTO " + t + " (k, v) VALUES (?, ?)"));
  run(compressed->execute(In(soon), *write, values(integer(1), text), CallOptions{}));
  const auto* read = run(compressed->prepare(In(soon), "SELECT v FROM " + t));
  EXPECT_EQ(rows(run(compressed->execute(In(soon), *read, {}, CallOptions{})))[0][0], text);
}

TEST_F(CassandraSession, has_to_be_told_a_data_centre_that_exists) {
  auto options = server_options();
  options.local_data_center = "elsewhere";
  const auto strayed = open(options);
  const auto error = failure([&] { run(strayed->connected(In(soon))); });
  ASSERT_TRUE(error);
  EXPECT_EQ(error->code(), Code::failed_precondition);
  EXPECT_THAT(error->what(), HasSubstr("cassandra-local-dc: there is no data centre elsewhere; "
                                       "there are " +
                                       session().nodes()[0].data_center));
}

TEST_F(CassandraSession, ends_the_calls_in_flight_when_it_is_closed) {
  auto closing = open(server_options());
  run(closing->connected(In(soon)));
  const auto t = table("k int PRIMARY KEY, v text");
  const auto* write = run(closing->prepare(In(soon), "INSERT INTO " + t + " (k, v) VALUES (?, ?)"));
  constexpr int calls = 2'000;
  std::atomic<int> ended{0};
  std::atomic<int> otherwise{0};
  const In context(soon);
  for (int i = 0; i < calls; ++i) {
    start(closing->execute(context, *write, values(integer(i), "v"), CallOptions{}),
          [&](const std::exception_ptr& error, const Result&) {
            ++ended;
            try {
              if (error) std::rethrow_exception(error);
            } catch (const SessionError& e) {
              if (e.failure() != Failure::cancelled) ++otherwise;
            } catch (...) {
              ++otherwise;
            }
          });
  }
  closing.reset();
  EXPECT_EQ(ended, calls);
  EXPECT_EQ(otherwise, 0);
}

// More conditional writes of one row at once than servers, which take them one by one, can have
// done when their time is over. Returns how those ended that were in flight then.
std::vector<SessionError> run_out_of_time(Session& session, const std::string& cql,
                                          const Context& context) {
  std::optional<const Statement*> write;
  while (!write) {
    try {
      write = run(session.prepare(In(soon), cql));
    } catch (const SessionError& error) {
      if (error.failure() != Failure::client_timeout) throw;
    }
  }
  constexpr int calls = 100;
  std::latch ended(calls);
  std::mutex mutex;
  std::vector<SessionError> late;
  for (int i = 0; i < calls; ++i) {
    start(session.execute(context, **write, values(integer(1)), CallOptions{}),
          [&](const std::exception_ptr& error, const Result&) {
            try {
              if (error) std::rethrow_exception(error);
            } catch (const SessionError& e) {
              const std::lock_guard lock(mutex);
              if (e.failure() == Failure::client_timeout) late.push_back(e);
            } catch (const Error& e) {
              EXPECT_EQ(e.code(), Code::deadline_exceeded);  // before it was begun
            }
            ended.count_down();
          });
  }
  ended.wait();
  return late;
}

TEST_F(CassandraSession, ends_calls_in_flight_at_the_callers_deadline) {
  const auto t = table("k int PRIMARY KEY");
  const auto late =
      run_out_of_time(session(), "INSERT INTO " + t + " (k) VALUES (?) IF NOT EXISTS", In(100ms));
  ASSERT_THAT(late, Not(IsEmpty()));
  EXPECT_EQ(late[0].code(), Code::deadline_exceeded);
  EXPECT_TRUE(late[0].outcome_unknown());
  EXPECT_THAT(late[0].what(), HasSubstr("may or may not"));
  EXPECT_THAT(rows(query("SELECT key FROM system.local")), SizeIs(1));
}

TEST_F(CassandraSession, ends_calls_in_flight_after_the_request_timeout) {
  const auto t = table("k int PRIMARY KEY");
  auto options = server_options();
  options.request_timeout = 100ms;
  auto impatient = open(options);
  run(impatient->connected(In(soon)));
  const auto late =
      run_out_of_time(*impatient, "INSERT INTO " + t + " (k) VALUES (?) IF NOT EXISTS", In(soon));
  ASSERT_THAT(late, Not(IsEmpty()));
  EXPECT_EQ(late[0].code(), Code::unavailable);
  EXPECT_TRUE(late[0].outcome_unknown());
}

TEST_F(CassandraSession, fails_all_calls_from_when_it_is_told_to_close) {
  const auto t = table("k int PRIMARY KEY, v text");
  auto closing = open(server_options());
  run(closing->connected(In(soon)));
  const auto* write = run(closing->prepare(In(soon), "INSERT INTO " + t + " (k, v) VALUES (?, ?)"));
  constexpr int calls = 2'000;
  std::atomic<int> ended{0};
  const In context(soon);
  for (int i = 0; i < calls; ++i)
    start(closing->execute(context, *write, values(integer(i), "v"), CallOptions{}),
          [&](const std::exception_ptr&, const Result&) { ++ended; });
  closing->close();
  EXPECT_EQ(ended, calls);
  const auto error = failure(
      [&] { run(closing->execute(context, *write, values(integer(1), "v"), CallOptions{})); });
  ASSERT_TRUE(error);
  EXPECT_EQ(error->failure(), Failure::cancelled);
  EXPECT_FALSE(closing->nodes().empty());
  closing->close();
}

TEST_F(CassandraSession, counts_and_times_requests) {
  auto metrics = std::make_shared<SessionMetrics>();
  auto measured = open_session(server_options(), metrics);
  run(measured->connected(In(soon)));
  run(measured->query(In(soon), "SELECT key FROM system.local", CallOptions{}));
  EXPECT_TRUE(failure([&] { run(measured->query(In(soon), "nonsense", CallOptions{})); }));
  std::map<std::string, double> found;
  for (const auto& family : metrics->Collect()) {
    for (const auto& metric : family.metric) {
      auto name = family.name;
      for (const auto& label : metric.label) name += " " + label.value;
      found[name] = metric.counter.value + metric.gauge.value +
                    static_cast<double>(metric.histogram.sample_count);
    }
  }
  EXPECT_EQ(found["killrvideo_cassandra_request_seconds query"], 2);
  EXPECT_EQ(found["killrvideo_cassandra_errors_total rejected"], 1);
  EXPECT_EQ(found["killrvideo_cassandra_nodes connected"], server_addresses().size());
  EXPECT_EQ(found["killrvideo_cassandra_nodes down"], 0);
  EXPECT_GE(found["killrvideo_cassandra_connections"], server_addresses().size());
  EXPECT_EQ(found["killrvideo_cassandra_in_flight"], 0);
}

}  // namespace
}  // namespace killrvideo::storage::cassandra
