// Making a keyspace when something goes wrong in the middle, on a scripted session.
#include <gmock/gmock.h>

#include "events/eventually.hpp"
#include "storage/cassandra/schema_lock.hpp"
#include "storage/cassandra/scripted_session.hpp"
#include "storage/cassandra/upgrade.hpp"
#include "storage/sample_tables.hpp"
#include "storage/store.hpp"

namespace killrvideo::storage::cassandra {
namespace {

using namespace std::chrono_literals;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

/// A cluster without the keyspace, in which everything succeeds.
Result of_empty_cluster(const std::string& cql) {
  if (cql.find("release_version") != cql.npos)
    return rows_of({values_from(std::tuple(std::string("5.0.6")))});
  if (cql.find(" IF NOT EXISTS USING") != cql.npos || cql.find(" IF holder") != cql.npos)
    return applied(true);
  return no_rows();
}

class MakingAKeyspace : public ::testing::Test {
 protected:
  /// What a start fails with where tables have these columns afterwards.
  std::string failure_of_start(const Schema& made, ScriptedSession::Script script,
                               std::vector<Node> nodes) {
    auto session =
        std::make_unique<ScriptedSession>(made, std::move(script), transcript_, std::move(nodes));
    try {
      open_store(std::move(session), samples::schema, {.name = "ks"}, context_);
    } catch (const Error& error) {
      return error.what();
    }
    return "none";
  }

  const std::vector<Node> one_node_{{"127.0.0.1:9042", "dc1", true}};
  const std::shared_ptr<Transcript> transcript_ = std::make_shared<Transcript>();
  const Context context_;
};

TEST_F(MakingAKeyspace, frees_the_lock_and_then_ends_the_session_when_it_fails) {
  const Schema nothing{};
  EXPECT_THAT(failure_of_start(nothing, of_empty_cluster, one_node_),
              HasSubstr("a statement for another table"));
  const auto& lines = transcript_->lines;
  ASSERT_GE(lines.size(), 2u);
  EXPECT_THAT(lines[lines.size() - 2], StartsWith("DELETE FROM ks.schema_state"));
  EXPECT_EQ(lines.back(), "closed");
}

TEST_F(MakingAKeyspace, does_not_guess_how_many_copies_each_of_several_data_centres_gets) {
  const std::vector<Node> nodes{{"127.0.0.1:9042", "amsterdam", true},
                                {"127.0.0.2:9042", "boston", true}};
  EXPECT_THAT(failure_of_start(samples::schema, of_empty_cluster, nodes),
              AllOf(HasSubstr("amsterdam, boston"), HasSubstr("--cassandra-replication")));
  EXPECT_THAT(transcript_->lines, Not(Contains(StartsWith("CREATE"))));
}

class LockOfTheSchema : public ::testing::Test {
 protected:
  static SchemaLock::Times quickly() { return {.lifetime = 60s, .renewal = 5ms}; }

  bool lost(const SchemaLock& lock) {
    try {
      lock.check();
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), Code::unavailable);
      return true;
    }
    return false;
  }

  const Context context_;
  const Patience patience_;
};

TEST_F(LockOfTheSchema, is_kept_while_it_can_be_renewed) {
  std::atomic<int> renewals = 0;
  ScriptedSession session(samples::schema, [&](const std::string& cql) {
    if (cql.starts_with("UPDATE")) ++renewals;
    return applied(true);
  });
  SchemaLock lock(session, "ks.schema_state", Consistency::local_serial, context_, patience_,
                  quickly());
  EXPECT_TRUE(eventually([&] { return renewals > 2; }));
  EXPECT_FALSE(lost(lock));
}

TEST_F(LockOfTheSchema, is_lost_when_another_process_has_it) {
  ScriptedSession session(
      samples::schema, [&](const std::string& cql) { return applied(!cql.starts_with("UPDATE")); });
  SchemaLock lock(session, "ks.schema_state", Consistency::local_serial, context_, patience_,
                  quickly());
  EXPECT_TRUE(eventually([&] { return lost(lock); }));
}

TEST_F(LockOfTheSchema, is_lost_when_it_could_not_be_renewed_for_too_long) {
  ScriptedSession session(samples::schema, [&](const std::string& cql) {
    if (cql.starts_with("UPDATE")) throw failure(Failure::not_connected, false);
    return applied(true);
  });
  SchemaLock lock(session, "ks.schema_state", Consistency::local_serial, context_, patience_,
                  {.lifetime = 1s, .renewal = 5ms});
  EXPECT_TRUE(eventually([&] { return lost(lock); }));
}

}  // namespace
}  // namespace killrvideo::storage::cassandra
