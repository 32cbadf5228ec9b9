// The gRPC server: listening, TLS, health, reflection, shutdown.
#pragma once

#include <grpcpp/grpcpp.h>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "common/address.hpp"
#include "transport/grpc/rpc_service.hpp"
#include "transport/grpc/tls_config.hpp"

namespace killrvideo {

class GrpcServer {
 public:
  struct Options {
    Address address;  ///< port 0: any that is free
    TlsConfig tls;
    std::size_t max_message_bytes = 4 << 20;
  };

  /// Listens and serves at once, and reports each service as serving. Throws Error:
  /// unavailable (the address), invalid_argument (TLS files). `host` is that of the services.
  GrpcServer(const Options& options, RpcHost& host,
             std::vector<std::unique_ptr<RpcService>> services);

  /// As shutdown() with no time to finish anything.
  ~GrpcServer();

  /// The address listened on, with its port.
  const Address& address() const { return address_; }

  /// Reports all services as not serving, refuses new calls and returns when those in flight have
  /// ended, cutting off what lasts longer than `grace`. Streams without an end, as those that watch
  /// the health of a service, do not hold it up.
  void shutdown(std::chrono::milliseconds grace);

 private:
  RpcHost& host_;
  std::vector<std::unique_ptr<RpcService>> services_;
  std::unique_ptr<grpc::Server> server_;
  Address address_;
};

}  // namespace killrvideo
