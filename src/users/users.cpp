#include "users/users.hpp"

#include "common/answer_room.hpp"
#include "common/protobuf.hpp"
#include "common/validate.hpp"
#include "events/outbox.hpp"
#include "storage/claims.hpp"
#include "user-management/user_management_events.pb.h"
#include "users/rules.hpp"

namespace killrvideo {
namespace {

constexpr std::size_t most_password_bytes = 256;

void check_password(const std::string& password) {
  if (password.empty()) throw invalid("password", "is required");
  if (password.size() > most_password_bytes)
    throw invalid("password", "must have 1 to " + std::to_string(most_password_bytes) +
                                  " bytes, not " + std::to_string(password.size()));
}

// Clients of all implementations search for this text.
Error email_taken(const std::string& email) {
  return Error(Code::already_exists,
               "Exception creating user because it already exists for " + email);
}

Error id_taken() { return Error(Code::already_exists, "user_id", "is in use by another user"); }

user_management::events::UserCreated event_of(const User& user) {
  user_management::events::UserCreated event;
  write_id(user.userid, event.mutable_user_id());
  event.set_first_name(user.firstname);
  event.set_last_name(user.lastname);
  event.set_email(user.email);
  if (user.created_date) write_timestamp(*user.created_date, event.mutable_timestamp());
  return event;
}

}  // namespace

// The id is claimed while the account is made, the e-mail by its row of credentials for good. The
// row of the user comes last, in one batch with the event: an account exists when it has that row.
Task<void> Users::create(const Context& context, NewUser user) {
  user.first_name = check_person_name("first_name", user.first_name);
  user.last_name = check_person_name("last_name", user.last_name);
  user.email = check_email("email", user.email);
  check_password(user.password);
  UserCredentials credentials{fold_case(user.email), {}, user.user_id, {}};
  auto taken = co_await store_.get(context, user_credentials, {credentials.email});
  if (taken && taken->userid != user.user_id) throw email_taken(user.email);
  credentials.password = co_await passwords_.hash(context, user.password);

  auto decide = [&](const storage::Claim& claim) -> Task<storage::Batch> {
    co_await take_email(context, user, credentials);
    User row{user.user_id, user.first_name, user.last_name, user.email, claim.made, {}, {}};
    storage::Batch batch;
    batch.insert(users, row);
    add_event(context, batch, row.userid, event_of(row));
    co_return batch;
  };
  storage::Claim id{"user " + user.user_id.to_string(), {credentials.email}};
  co_await storage::create_under_claim(store_, context, std::move(id), storage::SameContent::waits,
                                       decide);
}

// Takes the e-mail, or throws why the user cannot be created. REQUIRES: the id is claimed.
Task<void> Users::take_email(const Context& context, const NewUser& user,
                             const UserCredentials& credentials) {
  auto known = co_await store_.get(context, users, {user.user_id});
  if (known)
    throw fold_case(known->email) == credentials.email ? email_taken(user.email) : id_taken();
  auto existing = co_await store_.insert_if_absent(context, user_credentials, credentials);
  if (!existing) co_return;
  if (existing->userid != user.user_id) throw email_taken(user.email);
  // Credentials without their user: an earlier attempt was cut off. The same request completes it.
  bool same_password = co_await passwords_.verify(context, existing->password, user.password);
  if (!same_password) throw email_taken(user.email);
}

Task<UserId> Users::verify(const Context& context, std::string email, std::string password) {
  std::string account = fold_case(check_text("email", email, email_length));
  check_password(password);
  const std::string peer = context.peer();
  throttle_.attempt(account, peer);
  std::optional<UserId> user;
  try {
    user = co_await check(context, account, std::move(password));
  } catch (...) {
    throttle_.withdrawn(account, peer);  // overload and the like are not the caller's failures
    throw;
  }
  if (!user) throw Error(Code::unauthenticated, "the e-mail address or the password is wrong");
  throttle_.succeeded(account, peer);
  co_return *user;
}

// Whose e-mail and password these are, if anyone's.
Task<std::optional<UserId>> Users::check(const Context& context, const std::string& account,
                                         std::string password) {
  auto credentials = co_await store_.get(context, user_credentials, {account});
  std::string hash = credentials ? credentials->password : std::string();
  bool right = co_await passwords_.verify(context, std::move(hash), std::move(password));
  bool unlocked = credentials && !credentials->account_locked.value_or(false);
  if (right && unlocked && credentials->userid) {
    // Credentials without their user are those of a creation that did not complete.
    auto user = co_await store_.get(context, users, {*credentials->userid});
    if (user && fold_case(user->email) == account) co_return credentials->userid;
  }
  co_return std::nullopt;
}

Task<std::vector<User>> Users::profiles(const Context& context, std::vector<UserId> ids) {
  std::vector<UserId> once = check_ids<UserId>("user_ids", ids);
  auto rows = co_await store_.get_many(context, users, once);
  std::vector<User> found;
  for (auto& row : rows)
    if (row) found.push_back(std::move(*row));
  std::vector<std::string*> texts;
  for (User& user : found)
    texts.insert(texts.end(), {&user.firstname, &user.lastname, &user.email});
  AnswerRoom::fit(found.size(), texts);
  co_return found;
}

}  // namespace killrvideo
