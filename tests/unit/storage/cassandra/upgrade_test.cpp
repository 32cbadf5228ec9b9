// Keyspaces on a real cluster: made, completed and migrated, by several at once.
#include <gmock/gmock.h>

#include "storage/sample_tables.hpp"
#include "storage/store_contract.hpp"

namespace killrvideo::storage::cassandra {
namespace {

using namespace samples;
using ::testing::HasSubstr;

/// Each test has a keyspace of its own, which goes with it.
class CassandraUpgrade : public ::testing::Test {
 protected:
  void SetUp() override { session_ = connect_to_test_cluster(); }

  void TearDown() override {
    if (session_) cql("DROP KEYSPACE IF EXISTS " + keyspace);
  }

  // Returns when all nodes know of it, if it is a change of the schema.
  void cql(const std::string& text) {
    run(session_->query(context, text, {.idempotent = true}));
    run(session_->agree_on_schema(context));
  }

  void make_keyspace() {
    cql("CREATE KEYSPACE " + keyspace +
        " WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}");
  }

  std::unique_ptr<Store> open(const Schema& schema) {
    return open_store(connect_to_test_cluster(), schema, {.name = keyspace}, context);
  }

  template <class Open>
  std::string refusal(Open open) {
    try {
      open();
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), Code::failed_precondition) << error.what();
      return error.what();
    }
    return "none";
  }

  const Context context{0, std::chrono::system_clock::now() + std::chrono::minutes(4)};
  const std::string keyspace =
      "test_" + Uuid::random().to_string().substr(0, 8);  // hexadecimal digits
  const Schema small{{&people, &memberships}, {}};

 private:
  std::unique_ptr<Session> session_;
};

TEST_F(CassandraUpgrade, several_that_start_at_once_make_one_keyspace) {
  constexpr int processes = 4;
  std::vector<Person> written(processes);
  at_once(processes, [&](int i) {
    auto store = open(small);
    written[static_cast<std::size_t>(i)] = {Uuid::random(), "Ada", {}, i, {}};
    run(store->commit(context, Batch().insert(people, written[static_cast<std::size_t>(i)])));
  });
  auto store = open_existing_store(connect_to_test_cluster(), small, {.name = keyspace}, context);
  for (const Person& person : written)
    EXPECT_EQ(run(store->get(context, people, {person.id})), person);
}

TEST_F(CassandraUpgrade, the_keyspace_of_another_implementation_gets_what_it_lacks) {
  make_keyspace();
  const Uuid id = Uuid::random();
  cql("CREATE TABLE " + keyspace + ".people (id uuid PRIMARY KEY, name text, theirs int)");
  cql("INSERT INTO " + keyspace + ".people (id, name, theirs) VALUES (" + id.to_string() +
      ", 'Ada', 7)");
  auto only_opened = [&] {
    return open_existing_store(connect_to_test_cluster(), small, {.name = keyspace}, context);
  };
  EXPECT_THAT(refusal(only_opened), HasSubstr("lacks"));

  auto store = open(small);
  EXPECT_EQ(run(store->get(context, people, {id})), (Person{id, "Ada", {}, {}, {}}));
  const Person changed{id, "Augusta", "Countess", 36, {"poetry"}};
  run(store->commit(context, Batch().insert(people, changed)));
  EXPECT_EQ(run(store->get(context, people, {id})), changed);
  cql("SELECT theirs FROM " + keyspace + ".people");
}

TEST_F(CassandraUpgrade, a_table_that_contradicts_is_refused_and_nothing_is_made) {
  make_keyspace();
  cql("CREATE TABLE " + keyspace + ".people (id uuid PRIMARY KEY, name text, age text)");
  EXPECT_THAT(refusal([&] { open(small); }), HasSubstr("its column age is text, not int"));
  EXPECT_THROW(cql("SELECT number FROM " + keyspace + ".memberships"), Error);
}

TEST_F(CassandraUpgrade, a_migration_runs_once_though_many_start) {
  open(small);
  Schema next = small;
  const Uuid id = Uuid::random();
  std::atomic<int> runs = 0;
  next.migrations.push_back({2, "Ada comes", [&](Store& store) -> Task<void> {
                               ++runs;
                               Batch batch;
                               batch.insert(people, {id, "Ada", {}, {}, {}});
                               co_await store.commit(context, std::move(batch));
                             }});
  at_once(3, [&](int) {
    auto store = open(next);
    EXPECT_TRUE(run(store->get(context, people, {id})));
  });
  EXPECT_EQ(runs, 1);
  EXPECT_THAT(refusal([&] { open(small); }), HasSubstr("has schema version 2"));
}

TEST_F(CassandraUpgrade, the_lock_of_a_process_that_died_expires) {
  open(small);
  cql("INSERT INTO " + keyspace + ".schema_state (name, holder) VALUES ('lock', " +
      Uuid::random().to_string() + ") USING TTL 2");
  Schema next{{&people, &memberships, &messages}, {}};
  auto store = open(next);
  EXPECT_EQ(run(store->get(context, messages, {"day", TimeUuid::now()})), std::nullopt);
}

}  // namespace
}  // namespace killrvideo::storage::cassandra
