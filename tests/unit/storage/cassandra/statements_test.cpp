#include "storage/cassandra/statements.hpp"

#include <gmock/gmock.h>

#include "storage/sample_tables.hpp"

namespace killrvideo::storage::cassandra {
namespace {

using namespace samples;
using ::testing::ElementsAre;

std::vector<std::string> texts(const std::vector<RangeStatement>& ranges) {
  std::vector<std::string> result;
  for (const RangeStatement& range : ranges) result.push_back(range.statement.cql());
  return result;
}

std::vector<std::size_t> values(const std::vector<RangeStatement>& ranges) {
  std::vector<std::size_t> result;
  for (const RangeStatement& range : ranges) result.push_back(range.values);
  return result;
}

TEST(CassandraStatements, name_keyspace_and_columns) {
  TableStatements statements(accounts, "ks");
  EXPECT_EQ(statements.get.cql(), "SELECT id, balance, owner FROM ks.accounts WHERE id = ?");
  EXPECT_EQ(statements.insert.cql(),
            "INSERT INTO ks.accounts (id, balance, owner) VALUES (?, ?, ?)");
  EXPECT_EQ(statements.insert_if_absent.cql(),
            "INSERT INTO ks.accounts (id, balance, owner) VALUES (?, ?, ?) IF NOT EXISTS");
  EXPECT_EQ(statements.remove.cql(), "DELETE FROM ks.accounts WHERE id = ?");
  EXPECT_EQ(statements.scan.cql(), "SELECT id, balance, owner FROM ks.accounts LIMIT ?");
  EXPECT_EQ(statements.scan_after.cql(),
            "SELECT id, balance, owner FROM ks.accounts WHERE token(id) > token(?) LIMIT ?");
}

TEST(CassandraStatements, an_update_makes_the_row) {
  TableStatements statements(accounts, "ks");
  const ColumnIndex owner = 2;
  EXPECT_EQ(statements.update({&owner, 1}).cql(),
            "INSERT INTO ks.accounts (id, owner) VALUES (?, ?)");
  EXPECT_EQ(&statements.update({&owner, 1}), &statements.update({&owner, 1}));
}

TEST(CassandraStatements, conditions_can_have_a_witness) {
  TableStatements statements(accounts, "ks");
  EXPECT_EQ(statements.if_equal(Mutation::Kind::update, 1, std::nullopt).cql(),
            "UPDATE ks.accounts SET balance = ?, owner = ? WHERE id = ? IF balance = ?");
  EXPECT_EQ(
      statements.if_equal(Mutation::Kind::update, 2, 1).cql(),
      "UPDATE ks.accounts SET balance = ?, owner = ? WHERE id = ? IF owner = ? AND balance = ?");
  EXPECT_EQ(statements.if_equal(Mutation::Kind::remove, 1, std::nullopt).cql(),
            "DELETE FROM ks.accounts WHERE id = ? IF balance = ?");
}

TEST(CassandraStatements, counters_are_added_to) {
  EXPECT_EQ(TableStatements(tallies, "ks").add.cql(),
            "UPDATE ks.tallies SET hits = hits + ?, misses = misses + ? WHERE id = ?");
}

TEST(CassandraStatements, rows_that_expire_say_when) {
  EXPECT_EQ(TableStatements(vouchers, "ks").insert_if_absent.cql(),
            "INSERT INTO ks.vouchers (name, holder) VALUES (?, ?) IF NOT EXISTS USING TTL 1");
}

TEST(CassandraStatements, keys_of_several_columns) {
  TableStatements statements(memberships, "ks");
  EXPECT_EQ(statements.scan_after.cql(),
            "SELECT group, role, number FROM ks.memberships WHERE token(group, role) > "
            "token(?, ?) LIMIT ?");
}

TEST(CassandraStatements, a_page_of_one_order_is_one_range) {
  TableStatements statements(messages, "ks");
  const std::string rows = "SELECT day, id, text FROM ks.messages WHERE day = ?";
  EXPECT_THAT(texts(statements.ranges(0, true)), ElementsAre(rows + " LIMIT ?"));
  EXPECT_THAT(texts(statements.ranges(1, true)), ElementsAre(rows + " AND id <= ? LIMIT ?"));
  EXPECT_THAT(texts(statements.ranges(1, false)), ElementsAre(rows + " AND id < ? LIMIT ?"));
}

TEST(CassandraStatements, a_page_of_mixed_order_is_a_range_for_each_run_of_columns) {
  TableStatements statements(events, "ks");
  const std::string rows = "SELECT calendar, time, id, title FROM ks.events WHERE calendar = ?";
  EXPECT_THAT(texts(statements.ranges(1, true)), ElementsAre(rows + " AND time <= ? LIMIT ?"));
  EXPECT_THAT(
      texts(statements.ranges(2, true)),
      ElementsAre(rows + " AND time = ? AND id >= ? LIMIT ?", rows + " AND time < ? LIMIT ?"));
  EXPECT_THAT(
      texts(statements.ranges(2, false)),
      ElementsAre(rows + " AND time = ? AND id > ? LIMIT ?", rows + " AND time < ? LIMIT ?"));
  EXPECT_THAT(values(statements.ranges(2, false)), ElementsAre(2, 1));
  EXPECT_THAT(values(TableStatements(places, "ks").ranges(9, false)), ElementsAre(9, 8, 4, 2, 1));
}

}  // namespace
}  // namespace killrvideo::storage::cassandra
