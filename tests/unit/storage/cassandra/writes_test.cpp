// What the engine says to the driver of each kind of write, on a scripted session.
#include <gmock/gmock.h>

#include "storage/cassandra/engine.hpp"
#include "storage/cassandra/scripted_session.hpp"
#include "storage/sample_tables.hpp"
#include "storage/store.hpp"

namespace killrvideo::storage::cassandra {
namespace {

using namespace samples;

// Without "Cassandra" in the name these also run with the sanitizers.
class WrittenStatements : public ::testing::Test {
 protected:
  /// Calls of `write`, in order.
  template <class Write>
  std::vector<Transcript::Call> calls_of(Write write) {
    transcript_->calls.clear();
    write();
    return transcript_->calls;
  }

  void commit(Batch batch) { run(store_.commit({}, std::move(batch))); }
  void commit_non_atomic(Batch batch) { run(store_.write_non_atomic({}, std::move(batch))); }

  const Person ada_{Uuid::random(), "Ada", {}, {}, {}};
  const Account account_{Uuid::random(), 1, "Ada"};
  bool condition_holds_ = true;
  /// Fails what begins with this, if it is not empty.
  std::string failing_;
  SessionError failure_ = failure(Failure::logged_once, false);

 private:
  Result answer(const std::string& cql) {
    if (!failing_.empty() && cql.starts_with(failing_)) {
      failing_.clear();
      throw failure_;
    }
    return cql.contains(" IF ") ? applied(condition_holds_) : no_rows();
  }

  const std::shared_ptr<Transcript> transcript_ = std::make_shared<Transcript>();

 protected:
  Store store_{std::make_unique<CassandraEngine>(
      std::make_unique<ScriptedSession>(
          samples::schema, [this](const std::string& cql) { return answer(cql); }, transcript_),
      samples::schema, "ks", Consistency::local_serial)};
};

Batch two_rows(const Person& person, const Account& account) {
  Batch batch;
  batch.insert(people, person);
  batch.insert(accounts, account);
  return batch;
}

TEST_F(WrittenStatements, rows_together_are_one_logged_batch_with_our_time) {
  const auto calls = calls_of([&] { commit(two_rows(ada_, account_)); });
  ASSERT_EQ(calls.size(), 1u);
  EXPECT_EQ(calls[0].batch, BatchKind::logged);
  EXPECT_EQ(calls[0].statements.size(), 2u);
  EXPECT_TRUE(calls[0].options.idempotent);
  EXPECT_TRUE(calls[0].options.timestamp);
}

TEST_F(WrittenStatements, a_batch_that_one_node_has_logged_is_repeated_with_the_same_time) {
  failing_ = "INSERT";
  const auto calls = calls_of([&] { commit(two_rows(ada_, account_)); });
  ASSERT_EQ(calls.size(), 2u);
  EXPECT_EQ(calls[0].batch, BatchKind::logged);
  EXPECT_EQ(calls[1].batch, BatchKind::unlogged);
  EXPECT_EQ(calls[0].statements, calls[1].statements);
  EXPECT_TRUE(calls[1].options.timestamp);
  EXPECT_EQ(calls[0].options.timestamp, calls[1].options.timestamp);
}

TEST_F(WrittenStatements, a_row_alone_may_be_repeated_and_has_our_time) {
  Batch insertion, update, removal;
  insertion.insert(people, ada_);
  update.update<&Person::name>(people, ada_);
  removal.remove(people, {ada_.id});
  for (Batch* batch : {&insertion, &update, &removal}) {
    const auto calls = calls_of([&] { commit(std::move(*batch)); });
    ASSERT_EQ(calls.size(), 1u);
    EXPECT_FALSE(calls[0].batch);
    EXPECT_TRUE(calls[0].options.idempotent);
    EXPECT_TRUE(calls[0].options.timestamp);
  }
}

TEST_F(WrittenStatements, rows_that_are_loaded_have_times_in_their_order) {
  Batch batch;
  for (int i = 0; i < 3; ++i) batch.insert(people, {ada_.id, std::to_string(i), {}, {}, {}});
  const auto calls = calls_of([&] { commit_non_atomic(std::move(batch)); });
  ASSERT_EQ(calls.size(), 3u);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_TRUE(calls[i].options.idempotent);
    ASSERT_TRUE(calls[i].options.timestamp);
    if (i > 0) EXPECT_LT(calls[i - 1].options.timestamp, calls[i].options.timestamp);
  }
}

TEST_F(WrittenStatements, an_addition_is_never_repeated_and_comes_before_the_rows) {
  Batch batch = two_rows(ada_, account_);
  batch.add(tallies, {ada_.id, {1}, {2}});
  const auto calls = calls_of([&] { commit(std::move(batch)); });
  ASSERT_EQ(calls.size(), 2u);
  EXPECT_THAT(calls[0].statements.at(0), testing::StartsWith("UPDATE ks.tallies"));
  EXPECT_FALSE(calls[0].options.idempotent);
  EXPECT_EQ(calls[1].batch, BatchKind::logged);
}

TEST_F(WrittenStatements, an_addition_that_fails_writes_no_rows) {
  failing_ = "UPDATE ks.tallies";
  failure_ = failure(Failure::write_timeout, true);
  Batch batch = two_rows(ada_, account_);
  batch.add(tallies, {ada_.id, {1}, {2}});
  const auto calls = calls_of([&] { EXPECT_THROW(commit(std::move(batch)), SessionError); });
  EXPECT_EQ(calls.size(), 1u);
}

TEST_F(WrittenStatements, a_condition_is_never_repeated_by_the_driver) {
  const auto calls = calls_of([&] {
    run(store_.insert_if_absent({}, accounts, account_));
    run(store_.compare_and_set<&Account::balance>({}, accounts, account_, 0));
    run(store_.remove_if<&Account::balance>({}, accounts, {account_.id}, 1));
  });
  ASSERT_EQ(calls.size(), 3u);
  for (const auto& call : calls) EXPECT_FALSE(call.options.idempotent);
}

std::int64_t microseconds_now() {
  using namespace std::chrono;
  return duration_cast<microseconds>(system_clock::now().time_since_epoch()).count();
}

// A server gives a condition the time of its own clock. A write that follows must have a later one,
// so that what the condition wrote does not hide it.
TEST_F(WrittenStatements, a_write_after_a_condition_has_a_later_time) {
  const std::pair<std::string, std::function<bool()>> conditions[]{
      {"done",
       [&] { return run(store_.remove_if<&Account::balance>({}, accounts, {account_.id}, 1)); }},
      {"refused",
       [&] {
         condition_holds_ = false;
         return run(store_.remove_if<&Account::balance>({}, accounts, {account_.id}, 1));
       }},
      {"refused after a read",
       [&] {
         return run(store_.compare_and_set<&Account::owner>({}, accounts, account_, std::nullopt));
       }},
  };
  for (const auto& [name, condition] : conditions) {
    SCOPED_TRACE(name);
    for (int i = 0; i < 20; ++i) {
      const auto begin = microseconds_now();
      EXPECT_EQ(condition(), name == "done");
      Batch batch;
      batch.insert(people, ada_);
      const auto calls = calls_of([&] { commit(std::move(batch)); });
      EXPECT_GT(calls.at(0).options.timestamp, begin);
    }
  }
}

}  // namespace
}  // namespace killrvideo::storage::cassandra
