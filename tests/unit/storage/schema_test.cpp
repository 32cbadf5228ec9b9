#include "storage/schema.hpp"

#include <gmock/gmock.h>

#include "storage/sample_tables.hpp"

namespace killrvideo::storage {
namespace {

using namespace samples;

TEST(Schema, finds_tables_by_name) {
  EXPECT_EQ(schema.find("people"), &people);
  EXPECT_EQ(schema.find("places"), &places);
  EXPECT_EQ(schema.find("People"), nullptr);
  EXPECT_EQ(schema.find(""), nullptr);
}

// The program looks for these at its start; tests have tables of their own beside the program's.
TEST(Schema, misses_declared_tables_by_their_names) {
  Schema incomplete = schema;
  std::erase(incomplete.tables, &people);
  EXPECT_THAT(missing_tables(incomplete), testing::Contains("people"));
  EXPECT_THAT(missing_tables(schema), testing::Not(testing::Contains("people")));
}

TEST(Schema, has_the_version_of_its_last_migration) {
  Schema migrated = schema;
  EXPECT_EQ(migrated.version(), 1);
  for (int version : {2, 5}) migrated.migrations.push_back({version, "change", {}});
  EXPECT_EQ(migrated.version(), 5);
}

TEST(Schema, is_written_as_cql) {
  EXPECT_EQ(create_table_cql(people),
            "CREATE TABLE IF NOT EXISTS people (\n"
            "  id uuid,\n"
            "  name text,\n"
            "  nickname text,\n"
            "  age int,\n"
            "  tags set<text>,\n"
            "  PRIMARY KEY ((id))\n"
            ");\n");
  EXPECT_EQ(create_table_cql(events),
            "CREATE TABLE IF NOT EXISTS events (\n"
            "  calendar uuid,\n"
            "  time timestamp,\n"
            "  id uuid,\n"
            "  title text,\n"
            "  PRIMARY KEY ((calendar), time, id)\n"
            ") WITH CLUSTERING ORDER BY (time DESC, id ASC);\n");
  EXPECT_EQ(create_table_cql(memberships),
            "CREATE TABLE IF NOT EXISTS memberships (\n"
            "  group uuid,\n"
            "  role text,\n"
            "  number int,\n"
            "  PRIMARY KEY ((group, role), number)\n"
            ") WITH CLUSTERING ORDER BY (number ASC);\n");
  EXPECT_EQ(create_table_cql(vouchers),
            "CREATE TABLE IF NOT EXISTS vouchers (\n"
            "  name text,\n"
            "  holder uuid,\n"
            "  PRIMARY KEY ((name))\n"
            ") WITH default_time_to_live = 1;\n");
}

TEST(Schema, names_every_type_as_cql_does) {
  std::vector<std::string> types;
  for (const ColumnInfo& column : anything.columns) types.push_back(cql_type(column));
  EXPECT_EQ(types, (std::vector<std::string>{"uuid", "uuid", "timeuuid", "uuid", "timeuuid", "text",
                                             "blob", "int", "bigint", "float", "timestamp", "date",
                                             "boolean", "set<text>", "vector<float, 3>"}));
  EXPECT_EQ(cql_type(tallies.columns.back()), "counter");
}

TEST(Table, is_described_by_its_declaration) {
  EXPECT_EQ(events.name, "events");
  EXPECT_EQ(events.partition_size, 1u);
  EXPECT_EQ(events.key_size, 3u);
  EXPECT_FALSE(events.counters);
  std::vector<KeyPart> parts;
  for (const ColumnInfo& column : events.columns) parts.push_back(column.part);
  EXPECT_EQ(parts, (std::vector{KeyPart::partition, KeyPart::clustering_descending,
                                KeyPart::clustering_ascending, KeyPart::none}));
  EXPECT_TRUE(tallies.counters);
  EXPECT_EQ(memberships.partition_size, 2u);
  EXPECT_EQ(vouchers.ttl, voucher_lifetime);
}

}  // namespace
}  // namespace killrvideo::storage
