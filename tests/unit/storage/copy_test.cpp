// Copies between stores: of RocksDB here, of all engines where there is a cluster.
#include "storage/copy.hpp"

#include <gmock/gmock.h>

#include <set>

#include "storage/store_contract.hpp"

namespace killrvideo::storage {
namespace {

using namespace samples;
using ::testing::AllOf;
using ::testing::Each;
using ::testing::IsEmpty;
using ::testing::Not;

const Context background;
const auto quiet = [](std::string_view, std::uint64_t, std::uint64_t) {};
const auto forget = [](const CopyPosition&) {};

void write(Store& store, Batch batch) { run(store.commit(background, std::move(batch))); }

void copy(Store& from, Store& to, const TableInfo& table) {
  copy_table(from, to, table, {}, 0, quiet, forget);
}

/// Rows with nulls, empty texts and sets, and everything in between.
void write_people(Store& store, std::size_t count) {
  for (std::size_t i = 0; i < count; i += 500) {
    Batch batch;
    for (std::size_t j = i; j < std::min(i + 500, count); ++j) {
      Person person{Uuid::random(), "name " + std::to_string(j), {}, {}, {}};
      if (j % 3 == 0) person.nickname = "";
      if (j % 4 == 0) person.tags = {"a", "b"};
      batch.insert(people, person);
    }
    write(store, std::move(batch));
  }
}

TEST(Copy, a_copy_has_the_same_sum) {
  auto from = open_rocksdb(), to = open_rocksdb();
  write_people(*from, 2'500);
  copy(*from, *to, people);
  const TableSum sum = sum_up(*from, people, 0, quiet);
  EXPECT_EQ(sum.rows, 2'500u);
  EXPECT_EQ(sum_up(*to, people, 0, quiet), sum);
}

TEST(Copy, sums_differ_when_a_value_or_a_row_differs) {
  auto one = open_rocksdb(), other = open_rocksdb();
  Account account{Uuid::random(), 1, "Ada"};
  write(*one, Batch().insert(accounts, account));
  auto sum_of = [&](const Account& different) {
    write(*other, Batch().insert(accounts, different));
    return sum_up(*other, accounts, 0, quiet);
  };
  const TableSum sum = sum_up(*one, accounts, 0, quiet);
  EXPECT_NE(sum_of({account.id, 2, "Ada"}), sum);
  EXPECT_NE(sum_of({account.id, 1, std::nullopt}), sum);
  EXPECT_NE(sum_of({account.id, 1, ""}), sum);
  EXPECT_EQ(sum_of(account), sum);
  EXPECT_NE(sum_of({Uuid::random(), 1, "Ada"}), sum);
}

TEST(Copy, counters_become_what_they_are_however_often_they_are_copied) {
  auto from = open_rocksdb(), to = open_rocksdb();
  Tally tally{Uuid::random(), {5}, {-7}}, same{Uuid::random(), {0}, {1}};
  write(*from, Batch().add(tallies, tally).add(tallies, same));
  write(*to, Batch().add(tallies, {tally.id, {100}, {100}}));
  for (int i = 0; i < 2; ++i) {
    copy(*from, *to, tallies);
    EXPECT_EQ(run(to->get(background, tallies, {tally.id})), tally);
    EXPECT_EQ(run(to->get(background, tallies, {same.id})), same);
  }
}

TEST(Copy, goes_on_from_any_checkpoint) {
  auto from = open_rocksdb();
  write_people(*from, 50'000);
  const TableSum sum = sum_up(*from, people, 0, quiet);
  auto whole = open_rocksdb();
  std::vector<CopyPosition> checkpoints;
  copy_table(*from, *whole, people, {}, 0, quiet,
             [&](const CopyPosition& position) { checkpoints.push_back(position); });
  ASSERT_THAT(checkpoints, Not(IsEmpty()));

  // A target that stopped at the checkpoint: the rest has to make it whole.
  struct Stop {};
  auto cut = open_rocksdb();
  EXPECT_THROW(
      copy_table(*from, *cut, people, {}, 0, quiet, [](const CopyPosition&) { throw Stop{}; }),
      Stop);
  EXPECT_LT(sum_up(*cut, people, 0, quiet).rows, sum.rows);
  EXPECT_GE(sum_up(*cut, people, 0, quiet).rows, checkpoints.front().rows);
  copy_table(*from, *cut, people, checkpoints.front(), 0, quiet, forget);
  EXPECT_EQ(sum_up(*cut, people, 0, quiet), sum);
}

TEST(Copy, tables_whose_rows_expire_stay_behind) {
  const auto tables = tables_to_copy(samples::schema);
  EXPECT_EQ(tables.size(), samples::schema.tables.size() - 2);
  EXPECT_EQ(std::ranges::find(tables, &vouchers), tables.end());
  EXPECT_EQ(std::ranges::find(tables, &long_vouchers), tables.end());
}

class CopyBetweenEngines : public StoreContract {
 protected:
  template <AnyTable T>
  void expect_round_trip(const T& table, const std::vector<typename T::Row>& rows,
                         const std::vector<typename T::Key>& keys) {
    auto back = open_rocksdb();
    copy(*local, store(), table);
    copy(store(), *back, table);
    const auto found =
        run(back->get_many(context(), table, std::span<const typename T::Key>(keys)));
    for (std::size_t i = 0; i < rows.size(); ++i) EXPECT_EQ(found[i], rows[i]);
  }

  std::shared_ptr<Store> local = open_rocksdb();
};
INSTANTIATE_TEST_SUITE_P(Engines, CopyBetweenEngines, ::testing::ValuesIn(engines()), engine_name);

TEST_P(CopyBetweenEngines, rows_of_all_types_survive) {
  Anything all{.id = Uuid::random(),
               .a_text = "ä",
               .a_blob = Blob{"\xFF"},
               .an_int = -1,
               .a_bigint = 2,
               .a_float = 0.5f,
               .a_boolean = false,
               .a_set = TextSet{"x", "y"},
               .a_vector = FloatVector<3>{{1, 2, 3}}};
  Anything none{.id = Uuid::random()};
  write(*local, Batch().insert(anything, all).insert(anything, none));
  expect_round_trip(anything, {all, none}, {{all.id}, {none.id}});
}

TEST_P(CopyBetweenEngines, counters_survive) {
  HourlyTally tally{Uuid::random(), 23, {-5}};
  write(*local, Batch().add(hourly_tallies, tally));
  expect_round_trip(hourly_tallies, {tally}, {{tally.id, tally.hour}});
}

}  // namespace
}  // namespace killrvideo::storage
