// Store contract: watching the inserts of a table.
#include <atomic>
#include <vector>

#include "storage/store_contract.hpp"

namespace killrvideo::storage {
namespace {

using namespace samples;

class StoreWatch : public StoreContract {
 protected:
  ~StoreWatch() override { store().watch(accounts, nullptr); }
};
INSTANTIATE_TEST_SUITE_P(Engines, StoreWatch, ::testing::ValuesIn(engines()), engine_name);

TEST_P(StoreWatch, tells_each_insert_into_the_table) {
  std::vector<Account> told;
  store().watch(accounts, [&](const Account& row) { told.push_back(row); });
  const Account one{Uuid::random(), 1, "Ada"}, two{Uuid::random(), 2, std::nullopt};
  const Membership other{Uuid::random(), "guest", 1};
  commit(Batch().insert(accounts, one).insert(memberships, other).insert(accounts, two));
  EXPECT_EQ(told, (std::vector{one, two}));
}

TEST_P(StoreWatch, tells_nothing_but_inserts) {
  const Account account{Uuid::random(), 1, "Ada"};
  insert(accounts, account);
  int told = 0;
  store().watch(accounts, [&](const Account&) { ++told; });
  update<&Account::owner>(accounts, account);
  remove(accounts, {account.id});
  EXPECT_EQ(told, 0);
}

TEST_P(StoreWatch, may_begin_and_end_while_others_commit) {
  constexpr int committers = 3, commits = 100;
  std::atomic<int> committing = committers;
  std::atomic<bool> watching = false;
  std::atomic<int> told_too_late = 0;
  at_once(committers + 1, [&](int number) {
    if (number < committers) {
      for (int i = 0; i < commits; ++i) insert(accounts, {Uuid::random(), i, "Ada"});
      --committing;
      return;
    }
    while (committing > 0) {
      watching = true;
      store().watch(accounts, [&](const Account&) {
        if (!watching) ++told_too_late;
      });
      store().watch(accounts, nullptr);
      watching = false;
    }
  });
  EXPECT_EQ(told_too_late, 0);
}

}  // namespace
}  // namespace killrvideo::storage
