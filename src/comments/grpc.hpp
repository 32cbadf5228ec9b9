// The comments service over gRPC.
#pragma once

#include <memory>

#include "comments/comments.hpp"
#include "transport/grpc/rpc_service.hpp"

namespace killrvideo {

std::unique_ptr<RpcService> make_comments_rpc(Comments& comments, RpcHost& host);

}  // namespace killrvideo
