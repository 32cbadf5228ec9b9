// Store contract: batches, deadlines and rows that vanish.
#include <gmock/gmock.h>

#include <algorithm>

#include "common/clock.hpp"
#include "storage/bulk.hpp"
#include "storage/store_contract.hpp"

namespace killrvideo::storage {
namespace {

using namespace samples;
using ::testing::ElementsAre;

class StoreBatches : public StoreContract {};
INSTANTIATE_TEST_SUITE_P(Engines, StoreBatches, ::testing::ValuesIn(engines()), engine_name);

TEST_P(StoreBatches, a_batch_writes_to_many_tables) {
  Uuid id = Uuid::random();
  insert(accounts, {id, 1, "Ada"});
  insert(memberships, {id, "guest", 1});
  commit(Batch()
             .insert(people, {id, "Ada", {}, {}, {}})
             .update<&Account::balance>(accounts, {id, 2, {}})
             .remove(memberships, {id, "guest", 1})
             .insert(memberships, {id, "guest", 2}));
  EXPECT_EQ(get(people, {id})->name, "Ada");
  EXPECT_EQ(get(accounts, {id}), (Account{id, 2, "Ada"}));
  EXPECT_THAT(walk(memberships, {id, "guest"}, 10), ElementsAre(Membership{id, "guest", 2}));
}

TEST_P(StoreBatches, an_empty_batch_does_nothing) { commit(Batch()); }

TEST_P(StoreBatches, nothing_is_written_after_the_deadline) {
  Context late(1, std::chrono::system_clock::now() - std::chrono::milliseconds(1));
  auto expect_deadline_exceeded = [](auto call) {
    try {
      call();
      ADD_FAILURE() << "no error";
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), Code::deadline_exceeded) << error.what();
    }
  };
  Uuid id = Uuid::random();
  Account account{id, 1, "Ada"};
  expect_deadline_exceeded([&] {
    run(store().commit(late, Batch().insert(accounts, account).add(tallies, {id, {1}, {1}})));
  });
  expect_deadline_exceeded([&] { run(store().insert_if_absent(late, accounts, account)); });
  EXPECT_EQ(get(accounts, {id}), std::nullopt);
  EXPECT_EQ(get(tallies, {id}), std::nullopt);

  insert(accounts, account);
  expect_deadline_exceeded(
      [&] { run(store().compare_and_set<&Account::balance>(late, accounts, {id, 2, "Eve"}, 1)); });
  EXPECT_EQ(get(accounts, {id}), account);
}

TEST_P(StoreBatches, of_several_rows_loaded_with_one_key_the_last_holds) {
  constexpr std::int64_t count = 6'000;
  std::vector<Uuid> ids;
  for (int i = 0; i < 7; ++i) ids.push_back(Uuid::random());
  BulkWriter writer(store());
  for (std::int64_t i = 0; i < count; ++i)
    writer.batch().insert(accounts, {ids[static_cast<std::size_t>(i) % ids.size()], i, {}});
  writer.flush();
  std::vector<std::int64_t> balances;
  for (const Uuid& id : ids) balances.push_back(get(accounts, {id})->balance);
  std::ranges::sort(balances);
  for (std::size_t i = 0; i < ids.size(); ++i)
    EXPECT_EQ(balances[i], count - static_cast<std::int64_t>(ids.size() - i));
}

class StoreExpiry : public StoreContract {
 protected:
  Voucher voucher() { return {Uuid::random().to_string(), Uuid::random()}; }

  /// Waits until `condition` holds, for much longer than a voucher lasts.
  template <class Condition>
  bool eventually(Condition condition) {
    for (auto end = now() + 10 * voucher_lifetime; now() < end;) {
      if (condition()) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    return false;
  }
};
INSTANTIATE_TEST_SUITE_P(Engines, StoreExpiry, ::testing::ValuesIn(engines()), engine_name);

TEST_P(StoreExpiry, a_row_vanishes_when_its_time_has_come) {
  Voucher one = voucher();
  auto before = now();
  insert(vouchers, one);
  EXPECT_TRUE(eventually([&] { return !get(vouchers, {one.name}); }));
  // Time to live counts in seconds, on some engines from the second's beginning.
  EXPECT_GE(now() - before, voucher_lifetime - std::chrono::seconds(1));
}

TEST_P(StoreExpiry, a_row_is_there_until_then) {
  // Whether the row is read in time is up to the scheduler; most attempts are.
  EXPECT_TRUE(eventually([&] {
    Voucher one = voucher();
    insert(vouchers, one);
    return get(vouchers, {one.name}) == one;
  }));
}

TEST_P(StoreExpiry, what_vanished_is_absent_for_all_operations) {
  Voucher one = voucher();
  insert(vouchers, one);
  EXPECT_TRUE(eventually([&] { return !get(vouchers, {one.name}); }));
  EXPECT_TRUE(walk(vouchers, {one.name}, 10).empty());
  EXPECT_THAT(get_many(vouchers, {{one.name}}), ElementsAre(std::nullopt));
  Voucher next{one.name, Uuid::random()};
  EXPECT_EQ(insert_if_absent(vouchers, next), std::nullopt);
}

TEST_P(StoreExpiry, a_voucher_passes_from_one_holder_to_the_next) {
  Voucher one = voucher();
  Voucher next{one.name, Uuid::random()};
  ASSERT_EQ(insert_if_absent(vouchers, one), std::nullopt);
  std::optional<Voucher> existing;
  EXPECT_TRUE(eventually([&] {
    existing = insert_if_absent(vouchers, next);
    EXPECT_TRUE(!existing || *existing == one);
    return !existing;
  }));
}

TEST_P(StoreExpiry, a_removed_voucher_is_free_at_once) {
  Voucher one = voucher();
  insert(vouchers, one);
  remove(vouchers, {one.name});
  EXPECT_EQ(insert_if_absent(vouchers, {one.name, Uuid::random()}), std::nullopt);
}

TEST_P(StoreExpiry, rows_that_vanish_are_not_updated) {
  Voucher one = voucher();
  EXPECT_THROW(update<&Voucher::holder>(vouchers, one), Error);
  EXPECT_THROW(compare_and_set<&Voucher::holder>(vouchers, one, one.holder), Error);
}

}  // namespace
}  // namespace killrvideo::storage
