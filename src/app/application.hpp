// The running program: the store, the modules on it, and the servers before them.
#pragma once

#include <memory>
#include <optional>

#include "app/config.hpp"
#include "app/modules/module.hpp"
#include "app/operations.hpp"
#include "common/expects.hpp"
#include "common/periodic.hpp"
#include "registry/registration.hpp"
#include "storage/store.hpp"
#include "transport/grpc/server.hpp"
#include "transport/http/server.hpp"

namespace killrvideo {

class EventsModule;

class Application {
 public:
  /// Makes what the configured services need, and no more. `operations` outlive the application,
  /// and listen.
  Application(const Config& config, Operations& operations, std::unique_ptr<storage::Store> store);
  ~Application();

  storage::Store& store() { return *store_; }

  /// Finishes what a crash has left, and begins with what goes on in the background. If the store
  /// cannot be used now it throws, and may be called again; it throws also if the data directory
  /// cannot be made.
  void start();

  /// Begins to take commands, through a socket in the data directory. Throws Error if it cannot be
  /// made there. REQUIRES: start() has returned.
  void take_commands();

  /// Begins to serve. Throws Error if the address cannot be listened on.
  void listen();

  /// The address with its real port. REQUIRES: listen() has returned.
  const Address& grpc_address() const {
    expects(grpc_ != nullptr, "listen() has returned");
    return grpc_->address();
  }

  /// Finishes the calls in flight and closes everything. What waits for a cluster that does not
  /// answer fails when the configured time is over.
  void shutdown();

 private:
  EventsModule& make_modules();
  http::Routes admin_routes();
  std::string problem() const;

  const Config config_;
  Operations& operations_;
  RpcHost rpc_host_;  // outlives the store, whose threads end the last calls
  std::unique_ptr<storage::Store> store_;
  std::optional<Periodic> overdue_;  // ends what keeps those after it from being destroyed
  Modules modules_;
  EventsModule& events_;  // one of them
  std::optional<Periodic> maintenance_;
  std::unique_ptr<GrpcServer> grpc_;
  std::unique_ptr<http::Server> admin_;
  std::unique_ptr<registry::Registration> registration_;
};

}  // namespace killrvideo
