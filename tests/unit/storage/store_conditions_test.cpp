// Store contract: conditional writes.
#include <array>
#include <atomic>

#include "storage/store_contract.hpp"

namespace killrvideo::storage {
namespace {

using namespace samples;

class StoreConditions : public StoreContract {};
INSTANTIATE_TEST_SUITE_P(Engines, StoreConditions, ::testing::ValuesIn(engines()), engine_name);

TEST_P(StoreConditions, insert_if_absent_inserts_once) {
  Account first{Uuid::random(), 1, "Ada"};
  Account second{first.id, 2, std::nullopt};
  EXPECT_EQ(insert_if_absent(accounts, first), std::nullopt);
  EXPECT_EQ(insert_if_absent(accounts, second), first);
  EXPECT_EQ(get(accounts, {first.id}), first);
}

TEST_P(StoreConditions, insert_if_absent_sees_rows_however_they_came) {
  Account account{Uuid::random(), 1, "Ada"};
  update<&Account::owner>(accounts, account);
  EXPECT_EQ(insert_if_absent(accounts, account), (Account{account.id, 0, "Ada"}));
}

TEST_P(StoreConditions, insert_if_absent_inserts_again_what_was_removed) {
  Account account{Uuid::random(), 1, "Ada"};
  insert(accounts, account);
  remove(accounts, {account.id});
  Account next{account.id, 2, std::nullopt};
  EXPECT_EQ(insert_if_absent(accounts, next), std::nullopt);
  EXPECT_EQ(get(accounts, {account.id}), next);
}

TEST_P(StoreConditions, insert_if_absent_tells_rows_of_a_partition_apart) {
  Uuid group = Uuid::random();
  EXPECT_EQ(insert_if_absent(memberships, {group, "guest", 1}), std::nullopt);
  EXPECT_EQ(insert_if_absent(memberships, {group, "guest", 2}), std::nullopt);
  EXPECT_EQ(insert_if_absent(memberships, {group, "guest", 1}), (Membership{group, "guest", 1}));
}

TEST_P(StoreConditions, of_those_who_insert_at_once_exactly_one_wins) {
  constexpr int races = 200, racers = 4;
  std::array<Uuid, races> ids;
  for (Uuid& id : ids) id = Uuid::random();
  std::array<std::atomic<int>, races> wins{};
  std::array<std::array<std::optional<Account>, racers>, races> winner_seen_by;
  at_once(racers, [&](int racer) {
    for (std::size_t race = 0; race < races; ++race) {
      Account mine{ids[race], racer, std::nullopt};
      auto existing = insert_if_absent(accounts, mine);
      if (!existing) ++wins[race];
      winner_seen_by[race][static_cast<std::size_t>(racer)] = existing.value_or(mine);
    }
  });
  for (std::size_t race = 0; race < races; ++race) {
    EXPECT_EQ(wins[race], 1);
    for (const auto& winner : winner_seen_by[race]) EXPECT_EQ(winner, get(accounts, {ids[race]}));
  }
}

TEST_P(StoreConditions, compare_and_set_writes_the_row_when_the_value_is_as_expected) {
  Account account{Uuid::random(), 1, "Ada"};
  insert(accounts, account);
  Account next{account.id, 2, std::nullopt};
  EXPECT_TRUE(compare_and_set<&Account::balance>(accounts, next, 1));
  EXPECT_EQ(get(accounts, {account.id}), next);
}

TEST_P(StoreConditions, compare_and_set_leaves_the_row_when_it_is_not) {
  Account account{Uuid::random(), 1, "Ada"};
  insert(accounts, account);
  EXPECT_FALSE(compare_and_set<&Account::balance>(accounts, {account.id, 3, "Eve"}, 2));
  EXPECT_FALSE(compare_and_set<&Account::owner>(accounts, {account.id, 3, "Eve"}, "ada"));
  EXPECT_FALSE(compare_and_set<&Account::owner>(accounts, {account.id, 3, "Eve"}, std::nullopt));
  EXPECT_EQ(get(accounts, {account.id}), account);
}

TEST_P(StoreConditions, compare_and_set_makes_no_row) {
  Account account{Uuid::random(), 1, "Ada"};
  EXPECT_FALSE(compare_and_set<&Account::balance>(accounts, account, 0));
  EXPECT_FALSE(compare_and_set<&Account::owner>(accounts, account, "Ada"));
  EXPECT_EQ(get(accounts, {account.id}), std::nullopt);
}

TEST_P(StoreConditions, remove_if_deletes_the_row_only_while_the_value_is_as_expected) {
  Account account{Uuid::random(), 1, "Ada"};
  EXPECT_FALSE(remove_if<&Account::balance>(accounts, {account.id}, 1));
  insert(accounts, account);
  EXPECT_FALSE(remove_if<&Account::balance>(accounts, {account.id}, 2));
  EXPECT_EQ(get(accounts, {account.id}), account);
  EXPECT_TRUE(remove_if<&Account::balance>(accounts, {account.id}, 1));
  EXPECT_EQ(get(accounts, {account.id}), std::nullopt);
  EXPECT_EQ(insert_if_absent(accounts, account), std::nullopt);
}

TEST_P(StoreConditions, remove_if_deletes_rows_that_would_expire) {
  const Voucher voucher{Uuid::random().to_string(), Uuid::random()};
  EXPECT_EQ(insert_if_absent(long_vouchers, voucher), std::nullopt);
  EXPECT_FALSE(remove_if<&Voucher::holder>(long_vouchers, {voucher.name}, Uuid::random()));
  EXPECT_TRUE(remove_if<&Voucher::holder>(long_vouchers, {voucher.name}, voucher.holder));
  EXPECT_EQ(insert_if_absent(long_vouchers, voucher), std::nullopt);
}

TEST_P(StoreConditions, compare_and_set_can_expect_null) {
  Account account{Uuid::random(), 1, std::nullopt};
  insert(accounts, account);
  EXPECT_FALSE(compare_and_set<&Account::owner>(accounts, {account.id, 2, "Eve"}, ""));
  EXPECT_TRUE(compare_and_set<&Account::owner>(accounts, {account.id, 2, "Ada"}, std::nullopt));
  EXPECT_EQ(get(accounts, {account.id}), (Account{account.id, 2, "Ada"}));
}

TEST_P(StoreConditions, compare_and_set_loses_no_increment) {
  constexpr int writers = 4, increments = 50;
  Account account{Uuid::random(), 0, "Ada"};
  insert(accounts, account);
  // Of a write whose outcome is unknown a cluster says so: it may have been made. The owner is for
  // the store to know each attempt from the others.
  std::atomic<int> unknown = 0;
  at_once(writers, [&](int) {
    for (int i = 0; i < increments; ++i) {
      bool done = false;
      while (!done) {
        Account seen = *get(accounts, {account.id});
        Account next{seen.id, seen.balance + 1, Uuid::random().to_string()};
        try {
          done = compare_and_set<&Account::balance>(accounts, next, seen.balance);
        } catch (const Error& error) {
          if (error.code() != Code::unavailable) throw;
          ++unknown;
        }
      }
    }
  });
  Account counted = get(accounts, {account.id}).value();
  EXPECT_GE(counted.balance, writers * increments);
  EXPECT_LE(counted.balance, writers * increments + unknown);
  if (GetParam().name == "rocksdb") EXPECT_EQ(unknown, 0);
}

}  // namespace
}  // namespace killrvideo::storage
