// Accounts in states that no call leaves behind: made by other tools, or by calls that were cut off.
#include "users/users.hpp"

#include <gmock/gmock.h>

#include "storage/temporary_store.hpp"

namespace killrvideo {
namespace {

class StoredAccount : public ::testing::Test {
 protected:
  NewUser request(std::string password = "secret") const {
    return {user_, "Ada", "Lovelace", "ada@example.org", std::move(password)};
  }

  void create(std::string password = "secret") {
    run(users_.create({}, request(std::move(password))));
  }

  /// How creating the account ends.
  std::string creation(std::string password) {
    try {
      create(std::move(password));
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), Code::already_exists);
      return error.what();
    }
    return "created";
  }

  bool can_sign_in(std::string password = "secret") {
    try {
      return run(users_.verify({}, "ada@example.org", std::move(password))) == user_;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), Code::unauthenticated) << error.what();
      return false;
    }
  }

  template <class Change>
  void change_credentials(Change change) {
    auto row = run(store_->get({}, user_credentials, {"ada@example.org"})).value();
    change(row);
    storage::Batch batch;
    batch.insert(user_credentials, row);
    run(store_->commit({}, std::move(batch)));
  }

  void remove_user() {
    storage::Batch batch;
    batch.remove(users, {user_});
    run(store_->commit({}, std::move(batch)));
  }

  const UserId user_{Uuid::random()};
  storage::TemporaryStore store_;
  Passwords passwords_{1, 100};
  Users users_{*store_, passwords_, LoginLimits{1'000, 1'000, std::chrono::seconds(60)}};
};

TEST_F(StoredAccount, that_is_locked_cannot_sign_in_until_it_is_unlocked) {
  create();
  ASSERT_TRUE(can_sign_in());
  change_credentials([](UserCredentials& row) { row.account_locked = true; });
  EXPECT_FALSE(can_sign_in());
  change_credentials([](UserCredentials& row) { row.account_locked = false; });
  EXPECT_TRUE(can_sign_in());
}

TEST_F(StoredAccount, that_was_cut_off_is_completed_by_the_same_request_only) {
  create();
  remove_user();
  EXPECT_FALSE(can_sign_in());
  EXPECT_THAT(creation("another"), testing::HasSubstr("already exists"));
  EXPECT_FALSE(can_sign_in("another"));
  EXPECT_EQ(creation("secret"), "created");
  EXPECT_TRUE(can_sign_in());
  EXPECT_FALSE(can_sign_in("another"));
}

TEST_F(StoredAccount, whose_email_another_id_has_is_refused) {
  create();
  NewUser other = request();
  other.user_id = UserId(Uuid::random());
  EXPECT_THROW(run(users_.create({}, other)), Error);
  EXPECT_THAT(run(users_.profiles({}, {other.user_id})), testing::IsEmpty());
}

TEST_F(StoredAccount, that_changed_its_email_signs_in_with_the_new_one_only) {
  create();
  auto row = run(store_->get({}, users, {user_})).value();
  row.email = "countess@example.org";
  storage::Batch batch;
  batch.insert(users, row);
  run(store_->commit({}, std::move(batch)));
  EXPECT_FALSE(can_sign_in());
}

}  // namespace
}  // namespace killrvideo
