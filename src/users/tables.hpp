// Tables of user management.
#pragma once

#include "storage/table.hpp"

namespace killrvideo {

// Of columns that other tools leave null: as in catalog/tables.hpp.

struct User {
  UserId userid;
  std::string firstname;
  std::string lastname;
  std::string email;  ///< as the user wrote it
  std::optional<Timestamp> created_date;
  std::optional<std::string> account_status;
  std::optional<Timestamp> last_login_date;
};
BOOST_DESCRIBE_STRUCT(User, (),
                      (userid, firstname, lastname, email, created_date, account_status,
                       last_login_date))

struct UserCredentials {
  std::string email;     ///< case-folded
  std::string password;  ///< argon2id hash in the standard encoding
  std::optional<UserId> userid;
  std::optional<bool> account_locked;
};
BOOST_DESCRIBE_STRUCT(UserCredentials, (), (email, password, userid, account_locked))

inline const storage::Table<User, storage::Partition<&User::userid>> users{"users"};

inline const storage::Table<UserCredentials, storage::Partition<&UserCredentials::email>>
    user_credentials{"user_credentials"};

}  // namespace killrvideo
