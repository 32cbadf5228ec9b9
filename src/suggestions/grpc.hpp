// The service of suggested videos over gRPC.
#pragma once

#include <memory>

#include "suggestions/suggestions.hpp"
#include "transport/grpc/rpc_service.hpp"

namespace killrvideo {

std::unique_ptr<RpcService> make_suggestions_rpc(Suggestions& suggestions, RpcHost& host);

}  // namespace killrvideo
