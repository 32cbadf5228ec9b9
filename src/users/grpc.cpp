#include "users/grpc.hpp"

#include "transport/grpc/wire.hpp"
#include "user-management/user_management_service.pb.h"

namespace killrvideo {
namespace {

namespace pb = user_management;

Task<void> create_user(Users& accounts, const Context& context,
                       const pb::CreateUserRequest& request, pb::CreateUserResponse&) {
  NewUser user{read_id<UserId>("user_id", request.user_id()), request.first_name(),
               request.last_name(), request.email(), request.password()};
  co_await accounts.create(context, std::move(user));
}

Task<void> verify_credentials(Users& accounts, const Context& context,
                              const pb::VerifyCredentialsRequest& request,
                              pb::VerifyCredentialsResponse& response) {
  UserId user = co_await accounts.verify(context, request.email(), request.password());
  write_id(user, response.mutable_user_id());
}

Task<void> get_user_profile(Users& accounts, const Context& context,
                            const pb::GetUserProfileRequest& request,
                            pb::GetUserProfileResponse& response) {
  auto ids = read_ids<UserId>("user_ids", request.user_ids());
  auto profiles = co_await accounts.profiles(context, std::move(ids));
  for (const User& user : profiles) {
    auto* profile = response.add_profiles();
    write_id(user.userid, profile->mutable_user_id());
    profile->set_first_name(user.firstname);
    profile->set_last_name(user.lastname);
    profile->set_email(user.email);
  }
}

}  // namespace

std::unique_ptr<RpcService> make_users_rpc(Users& accounts, RpcHost& host) {
  auto rpc = std::make_unique<RpcService>("killrvideo.user_management.UserManagementService", host);
  rpc->add("CreateUser", accounts, create_user);
  rpc->add("VerifyCredentials", accounts, verify_credentials);
  rpc->add("GetUserProfile", accounts, get_user_profile);
  return rpc;
}

}  // namespace killrvideo
