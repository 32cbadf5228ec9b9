// The catalog over gRPC.
#pragma once

#include <memory>

#include "catalog/catalog.hpp"
#include "transport/grpc/rpc_service.hpp"

namespace killrvideo {

std::unique_ptr<RpcService> make_catalog_rpc(Catalog& catalog, RpcHost& host);

}  // namespace killrvideo
