// Stores that were written by other versions of the program.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/rocksdb/engine.hpp"
#include "storage/rocksdb/schema_catalog.hpp"
#include "storage/temporary_directory.hpp"

namespace killrvideo::storage::rocksdb_engine {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

namespace v1 {
struct Person {
  Uuid id;
  std::string name;
  std::int32_t age;
  bool operator==(const Person&) const = default;
};
BOOST_DESCRIBE_STRUCT(Person, (), (id, name, age))
const Table<Person, Partition<&Person::id>> people{"people"};
const Schema schema{{&people}, {}};
}  // namespace v1

namespace v2 {  // a column and a table more, and the columns in another order
struct Person {
  Uuid id;
  std::optional<std::string> email;
  std::int32_t age;
  std::string name;
  bool operator==(const Person&) const = default;
};
BOOST_DESCRIBE_STRUCT(Person, (), (id, email, age, name))
const Table<Person, Partition<&Person::id>> people{"people"};

struct Pet {
  Uuid owner;
  std::string name;
  bool operator==(const Pet&) const = default;
};
BOOST_DESCRIBE_STRUCT(Pet, (), (owner, name))
const Table<Pet, Partition<&Pet::owner>, Clustering<Ascending<&Pet::name>>> pets{"pets"};
const Schema schema{{&pets, &people}, {}};
}  // namespace v2

namespace v3 {  // v1 without the age, which another column does not inherit
struct Person {
  Uuid id;
  std::string name;
  std::optional<std::int32_t> height;
  bool operator==(const Person&) const = default;
};
BOOST_DESCRIBE_STRUCT(Person, (), (id, name, height))
const Table<Person, Partition<&Person::id>> people{"people"};
const Schema schema{{&people}, {}};
}  // namespace v3

/// Made by hand: what the declaration would not let pass.
TableInfo table_of(std::string name, std::vector<ColumnInfo> columns) {
  TableInfo table;
  table.name = std::move(name);
  table.columns = std::move(columns);
  for (const ColumnInfo& column : table.columns) {
    table.partition_size += column.part == KeyPart::partition;
    table.key_size += column.part != KeyPart::none;
  }
  return table;
}

template <class Call>
std::string refusal(Call call, Code code = Code::failed_precondition) {
  try {
    call();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), code) << error.what();
    return error.what();
  }
  return "no error";
}

class RocksSchema : public ::testing::Test {
 protected:
  std::unique_ptr<Store> open(const Schema& schema) {
    return open_store(directory_.path(), schema, {});
  }

  template <AnyTable T>
  void insert(const Schema& schema, const T& table, const typename T::Row& row) {
    run(open(schema)->commit({}, Batch().insert(table, row)));
  }

  template <AnyTable T>
  std::optional<typename T::Row> get(const Schema& schema, const T& table,
                                     const typename T::Key& key) {
    return run(open(schema)->get({}, table, key));
  }

  const Uuid ada_ = Uuid::random();
  TemporaryDirectory directory_{memory_directory()};
};

TEST_F(RocksSchema, grows_by_columns_and_tables) {
  insert(v1::schema, v1::people, {ada_, "Ada", 36});
  EXPECT_EQ(get(v2::schema, v2::people, {ada_}), (v2::Person{ada_, std::nullopt, 36, "Ada"}));
  EXPECT_EQ(get(v2::schema, v2::pets, {ada_, "Puff"}), std::nullopt);

  insert(v2::schema, v2::people, {ada_, "ada@example.org", 37, "Ada"});
  insert(v2::schema, v2::pets, {ada_, "Puff"});
  EXPECT_EQ(get(v2::schema, v2::people, {ada_}), (v2::Person{ada_, "ada@example.org", 37, "Ada"}));
  EXPECT_EQ(get(v2::schema, v2::pets, {ada_, "Puff"}), (v2::Pet{ada_, "Puff"}));
}

TEST_F(RocksSchema, is_read_and_updated_by_a_program_that_knows_less_of_it) {
  insert(v2::schema, v2::people, {ada_, "ada@example.org", 36, "Ada"});
  EXPECT_EQ(get(v1::schema, v1::people, {ada_}), (v1::Person{ada_, "Ada", 36}));
  run(open(v1::schema)
          ->commit({}, Batch().update<&v1::Person::age>(v1::people, {ada_, "not written", 37})));
  EXPECT_EQ(get(v2::schema, v2::people, {ada_}), (v2::Person{ada_, "ada@example.org", 37, "Ada"}));
}

TEST_F(RocksSchema, gives_a_new_column_no_values_of_an_old_one) {
  insert(v1::schema, v1::people, {ada_, "Ada", 36});
  EXPECT_EQ(get(v3::schema, v3::people, {ada_}), (v3::Person{ada_, "Ada", std::nullopt}));
  EXPECT_EQ(get(v1::schema, v1::people, {ada_}), (v1::Person{ada_, "Ada", 36}));
}

TEST_F(RocksSchema, does_not_change_the_type_of_a_column) {
  insert(v1::schema, v1::people, {ada_, "Ada", 36});
  TableInfo people = table_of(
      "people",
      {{"id", Type::uuid, 0, KeyPart::partition}, {"email", Type::text}, {"age", Type::bigint}});
  TableInfo before = table_of("before", {{"id", Type::uuid, 0, KeyPart::partition}});
  EXPECT_THAT(refusal([&] { open({{&before, &people}, {}}); }),
              AllOf(HasSubstr("people"), HasSubstr("age"), HasSubstr("int"), HasSubstr("bigint")));
  // Nothing of the refused schema was recorded.
  TableInfo other =
      table_of("people", {{"id", Type::uuid, 0, KeyPart::partition}, {"email", Type::integer}});
  EXPECT_NO_THROW(open({{&other}, {}}));
  EXPECT_EQ(get(v1::schema, v1::people, {ada_}), (v1::Person{ada_, "Ada", 36}));
}

TEST_F(RocksSchema, does_not_change_the_key_of_a_table) {
  TableInfo pets = table_of("pets", {{"owner", Type::uuid, 0, KeyPart::partition},
                                     {"name", Type::text, 0, KeyPart::clustering_ascending}});
  insert(v2::schema, v2::pets, {ada_, "Puff"});
  EXPECT_NO_THROW(open({{&pets}, {}}));
  auto refused = [&](auto change) {
    TableInfo changed = pets;
    change(changed);
    return refusal([&] { open({{&changed}, {}}); });
  };
  for (const std::string& message :
       {refused([](TableInfo& table) { table.columns[0].type = Type::timeuuid; }),
        refused([](TableInfo& table) { table.columns[1].name = "nick"; }),
        refused([](TableInfo& table) { table.columns[1].part = KeyPart::clustering_descending; }),
        refused([](TableInfo& table) { table.columns[1].part = KeyPart::partition; }),
        refused([](TableInfo& table) {
          table.columns[1].part = KeyPart::none;
          table.key_size = 1;
        })})
    EXPECT_THAT(message, AllOf(HasSubstr("pets"), HasSubstr("key")));
  EXPECT_EQ(get(v2::schema, v2::pets, {ada_, "Puff"}), (v2::Pet{ada_, "Puff"}));
}

Migration migration(int version, std::function<void(Store&)> change) {
  return {version, "test", [change](Store& store) -> Task<void> {
            change(store);
            co_return;
          }};
}

class RocksMigrations : public RocksSchema {
 protected:
  /// v1's table with migrations to these versions, which note that they ran.
  Schema migrating_to(std::vector<int> versions) {
    Schema schema = v1::schema;
    for (int version : versions)
      schema.migrations.push_back(migration(version, [this, version](Store&) {
        ran_.push_back(version);
        if (version == failing_) throw Error(Code::unavailable, "failed");
      }));
    return schema;
  }

  int version(const Schema& schema) {
    return RocksEngine::open_read_only(directory_.path(), schema)->schema_version();
  }

  std::vector<int> ran_;
  int failing_ = 0;
};

TEST_F(RocksMigrations, run_once_and_in_order) {
  open(v1::schema);
  open(migrating_to({2, 3}));
  EXPECT_THAT(ran_, ElementsAre(2, 3));
  open(migrating_to({2, 3}));
  EXPECT_THAT(ran_, ElementsAre(2, 3));
  open(migrating_to({2, 3, 5}));
  EXPECT_THAT(ran_, ElementsAre(2, 3, 5));
  EXPECT_EQ(version(migrating_to({2, 3, 5})), 5);
}

TEST_F(RocksMigrations, are_not_run_on_a_new_store) {
  open(migrating_to({2, 3}));
  open(migrating_to({2, 3}));
  EXPECT_THAT(ran_, IsEmpty());
  EXPECT_EQ(version(migrating_to({2, 3})), 3);
}

TEST_F(RocksMigrations, go_on_where_they_failed) {
  open(v1::schema);
  failing_ = 3;
  for (int i = 0; i < 2; ++i)
    EXPECT_EQ(refusal([&] { open(migrating_to({2, 3, 4})); }, Code::unavailable), "failed");
  EXPECT_THAT(ran_, ElementsAre(2, 3, 3));
  EXPECT_EQ(version(migrating_to({2, 3, 4})), 2);
  failing_ = 0;
  open(migrating_to({2, 3, 4}));
  EXPECT_THAT(ran_, ElementsAre(2, 3, 3, 3, 4));
}

TEST_F(RocksMigrations, change_rows) {
  insert(v1::schema, v1::people, {ada_, "Ada", 36});
  Schema schema = v2::schema;
  schema.migrations.push_back(migration(2, [](Store& store) {
    Batch batch;
    for (v2::Person& person : run(store.scan({}, v2::people, "", 100)).rows) {
      person.email = person.name + "@example.org";
      batch.update<&v2::Person::email>(v2::people, person);
    }
    run(store.commit({}, std::move(batch)));
  }));
  EXPECT_EQ(get(schema, v2::people, {ada_}), (v2::Person{ada_, "Ada@example.org", 36, "Ada"}));
}

TEST_F(RocksMigrations, are_not_undone_by_an_older_program) {
  insert(migrating_to({2, 7}), v1::people, {ada_, "Ada", 36});
  EXPECT_THAT(refusal([&] { open(migrating_to({2})); }), AllOf(HasSubstr("7"), HasSubstr("2")));
  EXPECT_THAT(refusal([&] { version(migrating_to({2})); }), HasSubstr("7"));
  EXPECT_EQ(get(migrating_to({2, 7}), v1::people, {ada_}), (v1::Person{ada_, "Ada", 36}));
}

TEST(RocksCatalog, is_recorded_as_it_was_read) {
  std::string first = SchemaCatalog(std::nullopt, v1::schema).record(1);
  EXPECT_EQ(SchemaCatalog(first, v1::schema).record(1), first);
  std::string second = SchemaCatalog(first, v2::schema).record(1);
  EXPECT_NE(second, first);
  EXPECT_EQ(SchemaCatalog(second, v1::schema).record(1), second);
  EXPECT_EQ(SchemaCatalog(second, v2::schema).record(1), second);
}

TEST(RocksCatalog, numbers_each_table_and_column_once) {
  std::string record = SchemaCatalog(std::nullopt, v1::schema).record(1);
  SchemaCatalog grown(record, v2::schema);
  EXPECT_EQ(grown.of(v2::people).number, SchemaCatalog(record, v1::schema).of(v1::people).number);
  EXPECT_NE(grown.of(v2::people).number, grown.of(v2::pets).number);
  SchemaCatalog other(grown.record(1), v3::schema);
  ColumnNumber height = other.of(v3::people).layout.number_of[2];
  for (std::size_t i : {1u, 2u, 3u}) EXPECT_NE(height, grown.of(v2::people).layout.number_of[i]);
}

TEST(RocksCatalog, that_cannot_be_read_is_an_error) {
  for (const auto* record : {"", "x", "{}", "[]", R"({"version": "1", "tables": {}})",
                             R"({"version": 1, "tables": {"people": {}}})",
                             R"({"version": 1, "tables": {"people": {"number": 70000, "key": [],
                                 "columns": {}}}})"})
    EXPECT_THAT(refusal([&] { SchemaCatalog(record, v1::schema); }, Code::internal),
                HasSubstr("catalog"));
}

TEST(RocksCatalog, refuses_keys_that_do_not_sort) {
  for (Type type : {Type::real, Type::text_set, Type::vector, Type::counter}) {
    TableInfo table = table_of("people", {{"id", type, 3, KeyPart::partition}});
    EXPECT_THAT(refusal([&] { SchemaCatalog(std::nullopt, {{&table}, {}}); }, Code::internal),
                HasSubstr("people.id"));
  }
}

TEST(RocksCatalog, has_room_for_255_columns) {
  std::vector<ColumnInfo> columns{{"id", Type::uuid, 0, KeyPart::partition}};
  for (int i = 0; i < 255; ++i) columns.push_back({"column" + std::to_string(i), Type::text});
  TableInfo full = table_of("people", columns);
  SchemaCatalog catalog(std::nullopt, {{&full}, {}});
  EXPECT_EQ(catalog.of(full).layout.number_of.back(), 254);
  columns.push_back({"one_more", Type::text});
  TableInfo overfull = table_of("people", columns);
  EXPECT_THAT(refusal([&] { SchemaCatalog(std::nullopt, {{&overfull}, {}}); }), HasSubstr("255"));
}

}  // namespace
}  // namespace killrvideo::storage::rocksdb_engine
