// The ratings service over gRPC.
#pragma once

#include <memory>

#include "ratings/ratings.hpp"
#include "transport/grpc/rpc_service.hpp"

namespace killrvideo {

std::unique_ptr<RpcService> make_ratings_rpc(Ratings& ratings, RpcHost& host);

}  // namespace killrvideo
