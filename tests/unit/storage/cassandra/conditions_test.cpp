// Conditional writes whose answers get lost, on a scripted session.
#include <gtest/gtest.h>

#include "storage/cassandra/engine.hpp"
#include "storage/cassandra/scripted_session.hpp"
#include "storage/sample_tables.hpp"
#include "storage/store.hpp"

namespace killrvideo::storage::cassandra {
namespace {

using namespace samples;

const SessionError lost = failure(Failure::write_timeout, true);

class ConditionInDoubt : public ::testing::Test {
 protected:
  /// The account as it is stored when it is read back.
  static std::function<Result()> finds(const Account& account) {
    return [account] {
      return rows_of({values_from(std::tuple(account.id, account.balance, account.owner))});
    };
  }
  static std::function<Result()> refuses() {
    return [] { return applied(false); };
  }

  bool compare_and_set() {
    return run(store_.compare_and_set<&Account::balance>(context_, accounts, after_, 1));
  }
  bool take_owner(const Account& account) {
    return run(store_.compare_and_set<&Account::owner>(context_, accounts, account, std::nullopt));
  }
  std::optional<Account> insert_if_absent() {
    return run(store_.insert_if_absent(context_, accounts, after_));
  }

  const Account before_{Uuid::random(), 1, "Ada"};
  const Account after_{before_.id, 2, "Ada"};
  const Account of_another_{before_.id, 3, "Bob"};
  Steps steps_;

 private:
  const Context context_;
  Store store_{std::make_unique<CassandraEngine>(
      std::make_unique<ScriptedSession>(
          samples::schema, [this](const std::string& cql) { return steps_.next(cql); }),
      samples::schema, "ks", Consistency::local_serial)};
};

TEST_F(ConditionInDoubt, a_refusal_is_an_answer) {
  steps_.answer("UPDATE", refuses());
  EXPECT_FALSE(compare_and_set());
  EXPECT_TRUE(steps_.all_taken());
}

TEST_F(ConditionInDoubt, what_was_written_counts_though_the_answer_was_lost) {
  steps_.fail("UPDATE", lost).answer("SELECT", finds(after_));
  EXPECT_TRUE(compare_and_set());
  steps_.fail("INSERT", lost).answer("SELECT", finds(after_));
  EXPECT_EQ(insert_if_absent(), std::nullopt);
  EXPECT_TRUE(steps_.all_taken());
}

TEST_F(ConditionInDoubt, an_attempt_that_lands_late_does_not_refuse_its_own_repetition) {
  steps_.fail("UPDATE", lost).answer("SELECT", finds(before_));
  steps_.answer("UPDATE", refuses()).answer("SELECT", finds(after_));
  EXPECT_TRUE(compare_and_set());
  steps_.fail("INSERT", lost).answer("SELECT", no_rows);
  steps_.answer("INSERT", refuses()).answer("SELECT", finds(after_));
  EXPECT_EQ(insert_if_absent(), std::nullopt);
  EXPECT_TRUE(steps_.all_taken());
}

TEST_F(ConditionInDoubt, what_may_have_been_replaced_stays_unknown) {
  steps_.fail("UPDATE", lost).answer("SELECT", finds(before_));
  steps_.answer("UPDATE", refuses()).answer("SELECT", finds(of_another_));
  EXPECT_THROW(compare_and_set(), SessionError);
  EXPECT_TRUE(steps_.all_taken());
}

TEST_F(ConditionInDoubt, an_insertion_has_lost_where_anothers_row_is) {
  steps_.fail("INSERT", lost).answer("SELECT", finds(of_another_));
  EXPECT_EQ(insert_if_absent(), of_another_);
  EXPECT_TRUE(steps_.all_taken());
}

TEST_F(ConditionInDoubt, replicas_that_are_gone_may_have_accepted_it) {
  const SessionError too_few = failure(Failure::unavailable, false);
  steps_.fail("UPDATE", too_few).answer("SELECT", finds(after_));
  EXPECT_TRUE(compare_and_set());
  EXPECT_TRUE(steps_.all_taken());
}

TEST_F(ConditionInDoubt, a_null_is_expected_of_the_row_that_is_read_before) {
  // The owner is null, which also holds where there is no row: the balance is the witness.
  const Account nobodys{before_.id, 1, std::nullopt}, hers{before_.id, 1, "Ada"};
  steps_.answer("SELECT", finds(nobodys)).fail("UPDATE", lost);
  steps_.answer("SELECT", finds(nobodys)).answer("UPDATE", refuses());
  steps_.answer("SELECT", finds(hers));
  EXPECT_TRUE(take_owner(hers));
  EXPECT_TRUE(steps_.all_taken());
}

}  // namespace
}  // namespace killrvideo::storage::cassandra
