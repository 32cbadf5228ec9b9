// The statistics service over gRPC.
#pragma once

#include <memory>

#include "statistics/statistics.hpp"
#include "transport/grpc/rpc_service.hpp"

namespace killrvideo {

std::unique_ptr<RpcService> make_statistics_rpc(Statistics& statistics, RpcHost& host);

}  // namespace killrvideo
