// The search over gRPC.
#pragma once

#include <memory>

#include "search/search.hpp"
#include "transport/grpc/rpc_service.hpp"

namespace killrvideo {

std::unique_ptr<RpcService> make_search_rpc(Search& search, RpcHost& host);

}  // namespace killrvideo
