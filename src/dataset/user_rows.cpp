#include "common/required.hpp"
#include "common/text.hpp"
#include "dataset/rows.hpp"
#include "users/rules.hpp"
#include "users/tables.hpp"

namespace killrvideo::dataset {
namespace {

using CredentialsEdits = storage::RowEdits<std::remove_const_t<decltype(user_credentials)>>;

// The key of a user's credentials.
std::string account(const User& user) { return fold_case(trim(user.email)); }

// Whether the user has this e-mail already. Throws if another one has it.
bool check_owner(const CredentialsEdits& credentials, const std::string& email,
                 const UserId& user) {
  const auto* owner = credentials.find({email});
  if (!owner || !owner->userid) return false;
  if (owner->userid != user)
    throw invalid("email", "is taken by the user " + owner->userid->to_string());
  return true;
}

User read_user(const Fields& record) {
  User user{};
  user.userid = record.id<UserId>("userid");
  user.firstname = check_person_name("firstname", record.text("firstname"));
  user.lastname = check_person_name("lastname", record.text("lastname"));
  user.email = check_email("email", record.text("email"));
  user.created_date = record.optional_time("created_date");
  user.account_status = record.optional_text("account_status");
  user.last_login_date = record.optional_time("last_login_date");
  return user;
}

class UserRows : public RowsOf<read_user> {
 public:
  explicit UserRows(storage::Store& store)
      : users_(store, users), credentials_(store, user_credentials) {}

 private:
  void look_up(std::span<const User> rows) override {
    users_.read(keys_of(rows, [](const User& user) { return std::tuple(user.userid); }));
    std::vector<std::tuple<std::string>> emails;
    for (const User& user : rows) {
      emails.emplace_back(account(user));
      if (const auto* old = users_.find({user.userid})) emails.emplace_back(account(*old));
    }
    credentials_.read(emails);
  }

  // Whoever has no credentials gets some without a password, so that the e-mail is taken. With a
  // new e-mail they go on with those that they had.
  bool put(const User& user) override {
    UserCredentials credentials{account(user), {}, user.userid, {}};
    const bool owned = check_owner(credentials_, credentials.email, user.userid);
    if (const auto* old = users_.find({user.userid}); old && account(*old) != credentials.email)
      give_up(account(*old), credentials);
    const bool changed = users_.put(user);
    if (!owned) credentials_.put(credentials);
    return changed || !owned;
  }

  void give_up(const std::string& email, UserCredentials& in_favour_of) {
    const auto* old = credentials_.find({email});
    if (!old || old->userid != in_favour_of.userid) return;
    in_favour_of.password = old->password;
    in_favour_of.account_locked = old->account_locked;
    credentials_.remove({email});
  }

  void write_to(storage::BulkWriter& writer) override {
    users_.write(writer);
    credentials_.write(writer);
  }

  storage::RowEdits<std::remove_const_t<decltype(users)>> users_;
  CredentialsEdits credentials_;
};

// Password hashes of others are kept as they are. Without one nobody can log in.
UserCredentials read_credentials(const Fields& record) {
  UserCredentials credentials{};
  credentials.email = fold_case(check_email("email", record.text("email")));
  credentials.password = record.verbatim("password");
  credentials.userid = record.id<UserId>("userid");
  credentials.account_locked = record.optional_bool("account_locked");
  return credentials;
}

class CredentialsRows : public RowsOf<read_credentials> {
 public:
  explicit CredentialsRows(storage::Store& store) : credentials_(store, user_credentials) {}

 private:
  void look_up(std::span<const UserCredentials> rows) override {
    credentials_.read(keys_of(rows, [](const auto& row) { return std::tuple(row.email); }));
  }

  bool put(const UserCredentials& credentials) override {
    check_owner(credentials_, credentials.email, required(credentials.userid));
    return credentials_.put(credentials);
  }

  void write_to(storage::BulkWriter& writer) override { credentials_.write(writer); }

  CredentialsEdits credentials_;
};

}  // namespace

std::vector<File> user_files() {
  return {
      {"users.csv",
       {&users,
        {"account_status", "last_login_date"},
        {"userid", "firstname", "lastname", "email"}},
       make_rows<UserRows>},
      {"user_credentials.csv",
       {&user_credentials, {"account_locked"}, {"email", "password", "userid"}},
       make_rows<CredentialsRows>},
  };
}

}  // namespace killrvideo::dataset
