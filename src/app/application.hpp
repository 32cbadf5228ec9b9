// The running program: the store, the services on it, and the servers before them.
#pragma once

#include <atomic>
#include <memory>
#include <optional>

#include "app/config.hpp"
#include "catalog/catalog.hpp"
#include "comments/comments.hpp"
#include "common/metrics.hpp"
#include "common/periodic.hpp"
#include "ratings/ratings.hpp"
#include "statistics/statistics.hpp"
#include "transport/grpc/server.hpp"
#include "transport/http/server.hpp"
#include "users/users.hpp"

namespace killrvideo {

/// Every service, over one store.
struct Services {
  Services(storage::Store& store, const Config& config);

  Passwords passwords;
  Users users;
  Catalog catalog;
  Comments comments;
  Ratings ratings;
  Statistics statistics;
};

class Application {
 public:
  /// Opens the store and finishes what a crash has left. Throws Error if the data cannot be used.
  explicit Application(const Config& config);
  ~Application();

  Services& services() { return services_; }
  storage::Store& store() { return *store_; }

  /// Begins to serve. Throws Error if an address cannot be listened on.
  void listen();

  /// The addresses with their real ports. REQUIRES: listen() has returned.
  const Address& grpc_address() const { return grpc_->address(); }
  const Address& http_address() const { return http_->address(); }

  /// Finishes the calls in flight, within the configured time, and closes everything.
  void shutdown();

 private:
  std::vector<std::unique_ptr<RpcService>> make_rpc_services();
  http::Routes admin_routes();
  void repair(std::chrono::milliseconds age);

  const Config config_;
  std::atomic<bool> ready_{false};
  Metrics metrics_;
  RpcHost rpc_host_;  // outlives the store, whose threads end the last calls
  std::unique_ptr<storage::Store> store_;
  Services services_;
  std::unique_ptr<GrpcServer> grpc_;
  std::unique_ptr<http::Server> http_;
  std::unique_ptr<http::Server> admin_;
  std::optional<Periodic> repairs_;
};

}  // namespace killrvideo
