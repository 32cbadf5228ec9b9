// User management over gRPC.
#pragma once

#include <memory>

#include "transport/grpc/rpc_service.hpp"
#include "users/users.hpp"

namespace killrvideo {

std::unique_ptr<RpcService> make_users_rpc(Users& accounts, RpcHost& host);

}  // namespace killrvideo
