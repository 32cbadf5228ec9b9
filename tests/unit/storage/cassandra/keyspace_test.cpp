#include "storage/cassandra/keyspace.hpp"

#include <gmock/gmock.h>

#include "storage/cassandra/definition.hpp"
#include "storage/sample_tables.hpp"

namespace killrvideo::storage::cassandra {
namespace {

using namespace samples;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const Schema one_table{{&events}, {}};

ActualKeyspace with_events() {
  ActualKeyspace actual{.exists = true};
  actual.tables["events"] = {{"calendar", {"uuid", "partition_key", 0, "none"}},
                             {"time", {"timestamp", "clustering", 0, "desc"}},
                             {"id", {"uuid", "clustering", 1, "asc"}},
                             {"title", {"text", "regular", -1, "none"}},
                             {"a_column_of_others", {"int", "regular", -1, "none"}}};
  return actual;
}

std::string refusal(const ActualKeyspace& actual) {
  try {
    tables_to_add(actual, one_table, "ks");
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Code::failed_precondition);
    return error.what();
  }
  return "none";
}

TEST(CassandraKeyspace, lacks_nothing_when_all_is_there) {
  EXPECT_THAT(tables_to_add(with_events(), one_table, "ks"), IsEmpty());
}

TEST(CassandraKeyspace, a_table_that_is_missing_is_made) {
  EXPECT_THAT(tables_to_add({}, one_table, "ks"),
              ElementsAre(HasSubstr("CREATE TABLE IF NOT EXISTS ks.events (")));
}

TEST(CassandraKeyspace, a_column_that_is_missing_is_added) {
  auto actual = with_events();
  actual.tables["events"].erase("title");
  EXPECT_THAT(tables_to_add(actual, one_table, "ks"),
              ElementsAre("ALTER TABLE ks.events ADD IF NOT EXISTS title text"));
}

TEST(CassandraKeyspace, an_index_is_made_unless_the_column_has_one) {
  Schema schema{{&anything}, {}, {{&anything, "a_vector"}}};
  EXPECT_THAT(indices_to_add({}, schema, "ks"),
              ElementsAre(HasSubstr(
                  "CREATE INDEX IF NOT EXISTS anything_a_vector ON ks.anything (a_vector)")));
  ActualKeyspace indexed;
  indexed.indexed["anything.a_vector"] = "of_another_name";
  EXPECT_THAT(indices_to_add(indexed, schema, "ks"), IsEmpty());
}

TEST(CassandraKeyspace, a_column_of_another_type_is_refused_by_name) {
  auto actual = with_events();
  actual.tables["events"]["title"].type = "blob";
  EXPECT_THAT(refusal(actual), HasSubstr("table ks.events of the cluster: its column title is "
                                         "blob, not text"));
}

TEST(CassandraKeyspace, another_key_is_refused) {
  auto other_order = with_events();
  other_order.tables["events"]["time"].order = "asc";
  EXPECT_THAT(refusal(other_order), HasSubstr("its primary key is (calendar, time asc, id asc), "
                                              "not (calendar, time desc, id asc)"));
  auto longer = with_events();
  longer.tables["events"]["title"] = {"text", "clustering", 2, "asc"};
  EXPECT_THAT(refusal(longer), HasSubstr("primary key"));
}

TEST(CassandraKeyspace, the_script_has_replication_only_if_it_is_known) {
  EXPECT_THAT(script(one_table, "ks", {{"dc1", 3}, {"dc2", 2}}),
              HasSubstr("CREATE KEYSPACE IF NOT EXISTS ks\n  WITH replication = {'class': "
                        "'NetworkTopologyStrategy', 'dc1': 3, 'dc2': 2};\n"));
  EXPECT_THAT(script(one_table, "ks", {}), HasSubstr("--cassandra-replication"));
  EXPECT_THAT(script(one_table, "ks", {}), ::testing::Not(HasSubstr("CREATE KEYSPACE")));
}

}  // namespace
}  // namespace killrvideo::storage::cassandra
