// Cheap gRPC channels for the load generator.
#pragma once

#include <grpcpp/channel.h>

#include <memory>
#include <string>
#include <vector>

namespace killrvideo::bench {

/// `count` connections to `target` (numeric "IPv4:port"), one channel each.
///
/// The channels are handed a connected socket, which spares each call name resolution, load
/// balancing and retry policies: the client shares the cores with the server it measures, so what
/// it saves is what the server gets. Throws std::system_error if the target cannot be reached.
std::vector<std::shared_ptr<grpc::Channel>> connect(const std::string& target, int count);

}  // namespace killrvideo::bench
