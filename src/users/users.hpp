// User accounts: creation, login, profiles.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "storage/store.hpp"
#include "users/login_throttle.hpp"
#include "users/passwords.hpp"
#include "users/tables.hpp"

namespace killrvideo {

struct NewUser {
  UserId user_id;
  std::string first_name;  ///< 1 to 100 characters
  std::string last_name;   ///< 1 to 100 characters
  std::string email;       ///< 3 to 254 characters
  std::string password;    ///< 1 to 256 bytes
};

class Users {
 public:
  Users(storage::Store& store, Passwords& passwords, LoginLimits limits)
      : store_(store), passwords_(passwords), throttle_(limits) {}

  /// Creates an account. Throws already_exists if the e-mail (case-folded) or the id is taken; of
  /// several at once exactly one succeeds. Repeating a request that a crash cut off completes it,
  /// once its claim on the id has passed away; until then it throws unavailable. Publishes
  /// UserCreated.
  Task<void> create(const Context& context, NewUser user);

  /// The id of the user with this e-mail and password. Throws unauthenticated with one and the same
  /// message whichever is wrong, resource_exhausted after too many failures.
  Task<UserId> verify(const Context& context, std::string email, std::string password);

  /// The users with these ids (field user_ids; 1 to 100), in the order asked, each once, without
  /// those that do not exist.
  Task<std::vector<User>> profiles(const Context& context, std::vector<UserId> ids);

 private:
  Task<std::optional<UserId>> check(const Context& context, const std::string& account,
                                    std::string password);
  Task<void> take_email(const Context& context, const NewUser& user,
                        const UserCredentials& credentials);

  storage::Store& store_;
  Passwords& passwords_;
  LoginThrottle throttle_;
};

}  // namespace killrvideo
